"""The limits: they read the product's input, refuse what it refuses, and answer with ready bytes."""

import json
from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest
from fastapi import FastAPI

from scripts.benchmark import limits
from scripts.benchmark.figures import Target
from scripts.benchmark.questions import Question, matches, searches
from scripts.benchmark.targets import prefix_of

TODAY = date(2026, 11, 22)


@pytest.fixture(params=["framework", "frame"])
def target(request: pytest.FixtureRequest) -> Target:
    found: Target = request.param
    return found


@pytest.fixture
async def http(target: Target, database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("DEMO", "true")
    monkeypatch.setattr("app.kit.monitoring.logging.configure", lambda _: None)
    app: FastAPI = limits.framework() if target == "framework" else limits.product_frame()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://limit") as client:
        yield client


async def _ask(http: httpx.AsyncClient, question: Question, target: Target) -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    return await http.request(
        question.method, prefix_of(target) + question.path, content=question.body, headers=headers
    )


async def test_answers_with_ten_kilobytes(http: httpx.AsyncClient, target: Target) -> None:
    for question in (*matches("growing", TODAY, 5), *searches("growing", TODAY, 5)):
        answer = await _ask(http, question, target)
        assert answer.status_code == 200, answer.text
        assert len(answer.content) == limits.BODY_BYTES
        assert json.loads(answer.content)


async def test_reads_its_input(http: httpx.AsyncClient, target: Target) -> None:
    refused = [Question("POST", "/v1/matches", 0, b'{"child": {}}'), Question("GET", "/v1/availability?limit=0", 0)]
    for question in refused:
        assert (await _ask(http, question, target)).status_code in {400, 422}
