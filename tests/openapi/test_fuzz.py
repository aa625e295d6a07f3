"""Every operation, asked by every role with requests that were made up from its declaration, answers as it declares.

A fixed number of requests with a fixed seed; `scripts/drill fuzz` asks more.
"""

import json
from datetime import timedelta
from itertools import cycle

import httpx
import pytest
from schemathesis import GenerationMode

from app.kit.http.openapi import document
from tests import test_dossier_rights, test_others_rows
from tests.docs.pages import ROOT
from tests.fuzz_budget import budget
from tests.openapi.fuzzing import cases, faults, operations, request_of
from tests.test_dossier_rights import Scene
from tests.world import World

scene = test_dossier_rights.scene
"""The fixture."""
MANY = 1
"""Requests of an operation that fit it, and as many that do not."""


@pytest.mark.parametrize(
    ("status", "headers", "content"),
    [
        (500, {}, {"type": "about:blank"}),
        (418, {"content-type": "application/json"}, {"status": "ok", "version": "1"}),
        (200, {"content-type": "text/plain"}, {"status": "ok", "version": "1"}),
        (200, {"content-type": "application/json"}, {"status": 1}),
    ],
    ids=["failure", "status", "media type", "schema"],
)
def test_an_answer_that_is_not_declared_is_found(
    status: int, headers: dict[str, str], content: dict[str, object]
) -> None:
    declared = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))
    [live] = (each for each in operations(declared) if each.path == "/health/live")
    [case] = cases(live, GenerationMode.POSITIVE, number=0, many=1)
    request = httpx.Request("GET", "http://test/v1/health/live")
    answer = httpx.Response(status, headers=headers, content=json.dumps(content), request=request)
    answer.elapsed = timedelta()
    assert faults(case, answer)


async def test_every_operation_answers_as_it_declares(
    world: World, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.notifying.webhooks.targets.Targets.check", test_others_rows.anywhere)
    ids = await test_others_rows.ids_of(world, scene)
    callers = cycle([*scene.callers.values(), world.admin, {}])
    found: dict[str, str] = {}
    asked = 0
    for number in budget():
        for operation in operations(document(world.app)):
            for mode in GenerationMode:
                for case in cases(operation, mode, number, MANY):
                    if mode is GenerationMode.POSITIVE or number % 2:  # of a row that is there
                        case.path_parameters |= {name: ids[name] for name in case.path_parameters.keys() & ids.keys()}
                    answer = await world.http.send(request_of(case, next(callers)))
                    asked += 1
                    for fault in faults(case, answer):
                        found.setdefault(f"{operation.label} {fault.split(': ')[1:3]}", fault)
    print(f"{asked} requests")
    assert not found, "\n\n".join(found.values())
