"""The bare framework: it reads the product's input, refuses what it refuses, and answers with ready bytes."""

import json
from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest

from scripts.benchmark import limits
from scripts.benchmark.questions import ADMIN, Question, matches, searches

TODAY = date(2026, 11, 22)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(limits.framework({"search": 51_200}))
    async with httpx.AsyncClient(transport=transport, base_url="http://limit") as client:
        yield client


async def _ask(http: httpx.AsyncClient, question: Question) -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    return await http.request(question.method, question.path, content=question.body, headers=headers)


async def test_answers_with_ten_kilobytes_or_as_many_as_are_asked_for(http: httpx.AsyncClient) -> None:
    asked = [(each, limits.BODY_BYTES) for each in matches("growing", TODAY, 5)]
    asked += [(each, 51_200) for each in searches("growing", TODAY, 5)]
    for question, size in asked:
        answer = await _ask(http, question)
        assert answer.status_code == 200, answer.text
        assert len(answer.content) == size
        assert json.loads(answer.content)


async def test_reads_its_input(http: httpx.AsyncClient) -> None:
    refused = [
        Question("POST", "/v1/matches", ADMIN, b'{"child": {}}'),
        Question("GET", "/v1/availability?limit=0", ADMIN),
    ]
    for question in refused:
        assert (await _ask(http, question)).status_code in {400, 422}
