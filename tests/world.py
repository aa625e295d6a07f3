"""The world of a test: callers of every role, and providers, offers and contracts made through the API itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from app.kit.clock import system_clock
from app.kit.http.parts import compose_with, parts_of
from app.kit.security.callers import Caller, Right, Role, claims_of
from app.parts import Parts

HOME = "GM0400"
"""Den Helder, in region JZ03."""

_OFFER: dict[str, Any] = {"name": "Gezinshuis De Duinen", "careType": "gezinshuis", "ageMin": 0, "ageMax": 17}
_numbers = count(1)
_OWNED: dict[Role, dict[str, Any]] = {
    Role.PROVIDER: {"provider_id": UUID(int=1)},
    Role.REGION: {"region": "JZ03"},
    Role.SUPRAREGION: {"supraregion": "noord-holland"},
}


def caller(role: Role, **owns: Any) -> Caller:
    """Some organisation with this role; `owns` are fields of `Caller`."""
    given = {
        "client_id": f"test-{role.value}",
        "organisation_id": UUID(int=len(role.value)),
        **_OWNED.get(role, {}),
    }
    return Caller(role=role, **(given | owns))


class Api:
    """The API of a service, asked by callers of every role."""

    http: httpx.AsyncClient

    def token(self, role: Role, **owns: Any) -> str:
        """A token of a `caller`."""
        raise NotImplementedError

    def as_(self, role: Role, **owns: Any) -> dict[str, str]:
        """Headers of a caller with this role."""
        return {"Authorization": f"Bearer {self.token(role, **owns)}"}

    @property
    def admin(self) -> dict[str, str]:
        return self.as_(Role.ADMIN)

    @property
    def gi(self) -> dict[str, str]:
        return self.as_(Role.GI, institution="De Jeugd- en Gezinsbeschermers")

    def region(self, code: str = "JZ03") -> dict[str, str]:
        return self.as_(Role.REGION, region=code, client_id=f"test-region-{code}")

    def expert_team(self, code: str = "JZ03") -> dict[str, str]:
        """Headers of the expert team of a region."""
        rights = frozenset([Right.EXPERT_TEAM])
        return self.as_(Role.REGION, region=code, client_id=f"test-expert-team-{code}", rights=rights)

    def provider(self, provider_id: str) -> dict[str, str]:
        """Headers of the provider itself."""
        return self.as_(Role.PROVIDER, provider_id=UUID(provider_id), client_id=f"test-{provider_id[:8]}")

    async def add_provider(self, **fields: Any) -> str:
        """A new provider; its id."""
        body = {"name": f"Demo Aanbieder {next(_numbers)}", **fields}
        return str((await self.ok(self.http.post("/v1/providers", json=body, headers=self.admin)))["id"])

    async def add_location(self, provider_id: str, key: str = "here", **fields: Any) -> dict[str, Any]:
        """A location of a provider, in Den Helder unless said."""
        body = {"name": "Locatie", "postcode": "1781AB", **fields}
        path = f"/v1/providers/{provider_id}/locations/{key}"
        return await self.ok(self.http.put(path, json=body, headers=self.provider(provider_id)))

    async def add_offer(self, provider_id: str | None = None, key: str | None = None, **fields: Any) -> dict[str, Any]:
        """An offer of a provider (a new one unless said) at a location in Den Helder."""
        provider_id = provider_id or await self.add_provider()
        if "locationKey" not in fields and not fields.get("atHome"):
            await self.add_location(provider_id)
            fields["locationKey"] = "here"
        body = _OFFER | fields
        path = f"/v1/providers/{provider_id}/offers/{key or uuid4().hex[:8]}"
        return await self.ok(self.http.put(path, json=body, headers=self.provider(provider_id)))

    async def add_offers(self, provider_id: str, keys: Sequence[str]) -> list[dict[str, Any]]:
        """Offers as `add_offer` makes them, at once: of each its `id`, `key` and `providerId`."""
        await self.add_location(provider_id)
        offers = [_OFFER | {"key": key, "locationKey": "here"} for key in keys]
        path = f"/v1/providers/{provider_id}/offers/_batch"
        made = await self.ok(self.http.post(path, json={"requests": offers}, headers=self.provider(provider_id)))
        return [{"id": each["offerId"], "key": each["key"], "providerId": provider_id} for each in made["results"]]

    async def contracted_offer(self, provider_id: str | None = None, **fields: Any) -> dict[str, Any]:
        """As `add_offer`, with a regional contract of JZ03 for its provider."""
        offer = await self.add_offer(provider_id, **fields)
        await self.add_contract(offer["providerId"])
        return offer

    async def report(self, offer: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """A capacity report on an offer: one free place unless said."""
        path, body = f"/v1/offers/{offer['id']}/capacity", {"placesFree": 1, **fields}
        return await self.ok(self.http.put(path, json=body, headers=self.provider(offer["providerId"])))

    async def add_contract(self, provider_id: str, **fields: Any) -> dict[str, Any]:
        """A contract with a provider: regional, of JZ03, valid since 2026, unless said."""
        body = {
            "providerId": provider_id,
            "kind": "regional",
            "regions": ["JZ03"],
            "validFrom": "2026-01-01",
            **fields,
        }
        return await self.ok(self.http.post("/v1/contracts", json=body, headers=self.admin))

    async def add_stop(self, provider_id: str, headers: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
        """A placement stop on a provider, from 2026-11-01, by the provider itself unless said."""
        body = {"providerId": provider_id, "from": "2026-11-01", "imposedBy": "provider", "reason": "Verbouwing"}
        sent = self.http.post("/v1/placement-stops", json=body | fields, headers=headers or self.provider(provider_id))
        return await self.ok(sent)

    async def match(self, headers: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
        """The ranking for a child of Den Helder whose first choice is a family-style group home, unless said."""
        sent = self.http.post("/v1/matches", json=match_request(**fields), headers=headers or self.gi)
        return await self.ok(sent)

    async def add_request(self, headers: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
        """A request of a GI for a child of Den Helder with a measure since 2026-10-12, unless said."""
        sent = self.http.post("/v1/requests", json=request_body(**fields), headers=headers or self.gi)
        return await self.ok(sent)

    async def ok(self, sent: Any) -> dict[str, Any]:
        """The body of an answer that must be a success."""
        answer: httpx.Response = await sent
        assert answer.is_success, answer.text
        content: dict[str, Any] = answer.json()
        return content


@dataclass
class World(Api):
    """The service in this process, and the ways to call it."""

    app: FastAPI
    http: httpx.AsyncClient

    @property
    def parts(self) -> Parts:
        """What the application is composed of."""
        return parts_of(self.app, Parts)

    def change(self, **parts: Any) -> None:
        """Has the application work with these parts instead, until the test ends."""
        compose_with(self.app, replace(self.parts, **parts))

    def token(self, role: Role, *, lifetime: timedelta | None = None, **owns: Any) -> str:
        """A token of a `caller`."""
        return self.parts.tokens.issue(claims_of(caller(role, **owns)), system_clock(), lifetime)


def match_request(**fields: Any) -> dict[str, Any]:
    """The body of a match; `child` is merged, the rest replaces."""
    child = {
        "birthMonth": "2014-05",
        "gender": "female",
        "municipality": HOME,
        "postcode": "1781",
        "measure": {"type": "21", "imposedOn": "2026-10-12"},
        **fields.pop("child", {}),
    }
    return {"child": child, "choices": [{"careType": "gezinshuis"}], **fields}


def matched_child(made: dict[str, Any]) -> dict[str, Any]:
    """The child of a request as a match takes it."""
    kept = {name: value for name, value in made["child"].items() if name not in {"region", "courtAuthorisationUntil"}}
    measure = kept["measure"]
    return kept | {"measure": measure and {name: measure[name] for name in ("type", "imposedOn")}}


def request_body(**fields: Any) -> dict[str, Any]:
    """The body of a new request, with a reference of its own; `child` is merged, the rest replaces."""
    return {"childReference": f"K-2026-{next(_numbers)}", **match_request(**fields)}


def problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The problem in an answer that must be this one."""
    assert answer.status_code == status, answer.text
    of_token = answer.request.url.path == "/v1/oauth/token"  # there as OAuth 2.0 clients read it
    assert answer.headers["content-type"] == ("application/json" if of_token else "application/problem+json")
    content: dict[str, Any] = answer.json()
    assert content["type"] == f"urn:problem-type:beschikbaarheidswijzer:{slug}"
    assert content["status"] == status
    assert content["title"]
    assert content["detail"]
    assert content["instance"].startswith("/")
    return content


def codes(answer: httpx.Response) -> dict[str, str]:
    """Of a 400: what is wrong where."""
    return {error["pointer"]: error["code"] for error in problem(answer, 400, "invalid-input")["errors"]}
