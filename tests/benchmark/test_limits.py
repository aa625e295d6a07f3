"""The bare framework: it reads the product's input, refuses what it refuses, and answers with ready bytes."""

import json
from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest

from scripts.benchmark import limits
from scripts.benchmark.questions import Question, matches, searches

TODAY = date(2026, 11, 22)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(limits.framework())
    async with httpx.AsyncClient(transport=transport, base_url="http://limit") as client:
        yield client


async def _ask(http: httpx.AsyncClient, question: Question) -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    return await http.request(question.method, question.path, content=question.body, headers=headers)


async def test_answers_with_ten_kilobytes(http: httpx.AsyncClient) -> None:
    for question in (*matches("growing", TODAY, 5), *searches("growing", TODAY, 5)):
        answer = await _ask(http, question)
        assert answer.status_code == 200, answer.text
        assert len(answer.content) == limits.BODY_BYTES
        assert json.loads(answer.content)


async def test_reads_its_input(http: httpx.AsyncClient) -> None:
    refused = [Question("POST", "/v1/matches", 0, b'{"child": {}}'), Question("GET", "/v1/availability?limit=0", 0)]
    for question in refused:
        assert (await _ask(http, question)).status_code in {400, 422}
