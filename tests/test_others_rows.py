"""Every operation that names a row, asked by every role for rows of others: it does nothing, and shows nothing of them.

Generated from the operations themselves: one whose row has no id here fails the test, so that none is forgotten. What
each side may do with its own stands in test_dossier_rights.
"""

import re
from typing import Final
from uuid import UUID

import pytest

from app.kit.security.callers import Role
from tests import test_dossier_rights
from tests.insight.plans.scene import add_action
from tests.insight.targets.scene import add_target
from tests.test_dossier_rights import REFERENCES, Scene
from tests.world import World

scene = test_dossier_rights.scene
"""The fixture."""

REFUSED: Final = {400, 401, 403, 404, 409, 412, 415, 422, 428}
"""What no more happens after; a role is looked at first, then the request, then whose the row is."""

SHOWN_TO_ALL: Final = re.compile(
    r"POST /offers/\{offerId\}/capacity/doubts"
    r"|GET /(offers/\{offerId\}(/capacity|/capacity-history|/expected-wait)?"
    r"|providers/\{providerId\}(/locations|/offers|/capacity)?"
    r"|postcodes/.*|regions/.*|municipalities/.*|insight/action-reports/.*|placement-stops/\{stopId\})"
)
"""Supply and reference data, which every role sees and whoever refers may doubt, and what is of no row."""
OVERSEERS: Final = {"national", "inspectorate", "supraregion"}
"""Who read plans of regions, and statements of providers."""


async def ids_of(world: World, scene: Scene) -> dict[str, str]:
    """A row for each name in a path; all of the region JZ03, its institution, or a provider that no stranger is."""
    offer = await world.contracted_offer()
    await world.report(offer)
    organisation = await world.ok(
        world.http.post("/v1/organisations", json={"name": "Iemand", "role": "gi"}, headers=world.admin)
    )
    stop = await world.add_stop(offer["providerId"])
    contract = await world.add_contract(offer["providerId"])
    body = {"url": "https://example.org/hook", "types": ["capacity.changed"]}
    webhook = await world.ok(world.http.post("/v1/webhooks", json=body, headers=world.gi))
    return scene.ids | {
        "offerId": offer["id"],
        "providerId": offer["providerId"],
        "key": "here",
        "organisationId": organisation["id"],
        "clientId": "iemand",
        "stopId": stop["id"],
        "contractId": contract["id"],
        "webhookId": webhook["id"],
        "deliveryId": str(UUID(int=1)),
        "actionId": (await add_action(world))["id"],
        "targetId": (await add_target(world))["id"],
        "quarter": "2026-Q3",
        "month": "2026-10",
        "pc4": "1781",
    }


def _strangers(world: World, scene: Scene) -> dict[str, dict[str, str]]:
    kept = ("other provider", "other gi", "local team", "other expert team", "national", "inspectorate")
    return {name: scene.callers[name] for name in kept} | {
        "other region": world.region("JZ06"),
        "supraregion": world.as_(Role.SUPRAREGION),
        "referrer": world.as_(Role.REFERRER),
        "nobody": {},
    }


async def test_nobody_reaches_rows_of_others(world: World, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.notifying.webhooks.targets.Targets.check", anywhere, raising=False)
    ids, strangers = await ids_of(world, scene), _strangers(world, scene)
    operations = [
        (method.upper(), path.removeprefix("/v1"))
        for path, methods in world.app.openapi()["paths"].items()
        for method in methods
        if "{" in path
    ]
    missing = {name for _, path in operations for name in re.findall(r"\{(\w+)\}", path)} - ids.keys()
    assert not missing, f"give the test a row for {missing}"
    reached = []
    for method, path in operations:
        if SHOWN_TO_ALL.fullmatch(f"{method} {path}"):
            continue
        for name, headers in strangers.items():
            if name in OVERSEERS and re.match(
                r"GET /(insight/(actions|targets)|providers/.*/statements/)", f"{method} {path}"
            ):
                continue
            sent = headers | ({} if method == "GET" else {"If-Match": "*"})
            content: dict[str, str] | None = None if method in {"GET", "DELETE"} else {}
            answer = await world.http.request(method, f"/v1{path.format(**ids)}", json=content, headers=sent)
            if answer.status_code not in REFUSED:
                reached.append(f"{name}: {method} {path}: {answer.status_code}")
            if any(reference in answer.text for reference in REFERENCES.values()):
                reached.append(f"{name}: {method} {path} shows a reference")
    assert not reached, "\n".join(reached)


async def anywhere(*_: object) -> None:
    """Targets of webhooks are not looked up in this test."""
