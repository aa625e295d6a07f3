"""Answers looked at before their number counts: they are successes, they are full, and the peer's are the product's."""

import json
from collections.abc import Mapping
from itertools import islice
from statistics import fmean
from typing import Any, Final

import httpx

from scripts.benchmark.bench import Bench
from scripts.benchmark.errors import BenchmarkError
from scripts.benchmark.figures import Measure, Target
from scripts.benchmark.questions import Question
from scripts.benchmark.server import Server

_SAMPLE: Final = 40
_LISTS: Final[dict[Measure, str]] = {"match": "results", "search": "items"}


def check(bench: Bench, servers: Mapping[Target, Server]) -> None:
    """Notes how full the answers are; `BenchmarkError` where one is no success or the peer's are others."""
    offers, answers = bench.plan.base, bench.results.answers
    for measure, key in _LISTS.items():
        if measure in bench.plan.measures:
            found = _answers(bench, servers["product"], measure, offers)
            answers[f"mean {key} of a {measure}"] = fmean(len(json.loads(each)[key]) for each in found)
            answers[f"mean bytes of a {measure}"] = fmean(map(len, found))
            if measure == "match":
                _compare(found, _answers(bench, servers["peer"], measure, offers))
                answers["matches that the peer answered as the product does"] = len(found)


def _answers(bench: Bench, server: Server, measure: Measure, offers: int) -> list[bytes]:
    with server.resumed(), httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
        return [_ask(client, bench, each) for each in islice(bench.asked(measure, "growing", offers), _SAMPLE)]


def _ask(client: httpx.Client, bench: Bench, question: Question) -> bytes:
    headers = {"Authorization": f"Bearer {bench.askers.token(question.asker)}", "Content-Type": question.media_type}
    answer = client.request(question.method, question.path, content=question.body or None, headers=headers)
    if answer.status_code != httpx.codes.OK:
        raise BenchmarkError(f"{question.method} {question.path}: {answer.status_code} {answer.text}")
    return answer.content


def _compare(ours: list[bytes], theirs: list[bytes]) -> None:
    for mine, other in zip(ours, theirs, strict=True):
        if _ids(mine) != _ids(other):
            raise BenchmarkError(f"The peer ranks otherwise than the product:\n{_ids(mine)}\n{_ids(other)}")


def _ids(answer: bytes) -> list[Any]:
    return [result["offer"]["id"] for result in json.loads(answer)["results"]]
