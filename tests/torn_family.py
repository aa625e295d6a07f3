"""A family whose dossiers came apart: siblings who were referred together and then each went a way of its own.

Of five siblings of one institution one stays, one went to another institution, one moved to another region and is
offered to a third, one was closed, and one was closed and erased; referrals, calls and amendments name some of them
still.
"""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from app.kit.security.callers import Right, Role
from tests.access.clients import add_organisation
from tests.dossiers.calls.scene import answer, publish
from tests.dossiers.proposals import scene as proposals
from tests.dossiers.referrals.scene import brought_to, decide, refer
from tests.dossiers.transfers.scene import Institution, add_institution, handed_over, propose
from tests.dossiers.watches.scene import add_watch, look
from tests.world import World, matched_child

Json = dict[str, Any]

ALKMAAR: Final = {"municipality": "GM0361", "postcode": "1811"}
"""In another region (JZ06) than where the family lives (JZ03)."""
CLOSING: Final = {"status": "closed", "closedReason": "help-not-needed"}
TEAM: Final = {"rights": frozenset({Right.EXPERT_TEAM})}


@dataclass
class Family:
    """The children by what became of them, who has to do with them, and every row by the name of its id in paths."""

    world: World
    stays: Json = field(default_factory=dict)
    went: Json = field(default_factory=dict)
    moved: Json = field(default_factory=dict)
    closed: Json = field(default_factory=dict)
    erased: Json = field(default_factory=dict)
    callers: dict[str, tuple[Role, Json]] = field(default_factory=dict)
    """By name the role and what it owns: of a token, and of who signs in."""
    ids: dict[str, list[str]] = field(default_factory=dict)

    def headers(self, name: str) -> dict[str, str]:
        role, owns = self.callers[name]
        return self.world.as_(role, **owns)

    def add(self, name: str, made: Json) -> Json:
        """Notes the id of a row under its name in paths."""
        self.ids.setdefault(name, []).append(made["id"])
        return made

    async def child(self, number: int) -> Json:
        """A child of the family, whose references tell it from the others."""
        made = await self.world.add_request(
            childReference=f"kind-{number}", careWorker=f"werker-{number}", siblingGroup="gezin-7077"
        )
        return self.add("requestId", made)

    async def change(self, request: Json, **fields: Any) -> None:
        sent = self.world.gi | {"If-Match": "*"}
        await self.world.ok(self.world.http.patch(f"/v1/requests/{request['id']}", json=fields, headers=sent))

    async def put(self, child: Json, step: str, headers: dict[str, str] | None = None, **fields: Any) -> Json:
        """Puts a child before a step of the ladder."""
        body = {"step": step, "reason": "no-suitable-offer", "asked": "Wie heeft een plek?", **fields}
        path = f"/v1/requests/{child['id']}/escalations"
        sent = self.world.http.post(path, json=body, headers=headers or self.world.gi)
        return self.add("escalationId", await self.world.ok(sent))

    async def amend(self, referral: Json, children: list[str], decision: str, *, by_provider: bool = False) -> None:
        """An amendment that one side proposes and the other settles."""
        provider = self.world.provider(referral["providerId"])
        sides = (provider, self.world.gi) if by_provider else (self.world.gi, provider)
        path = f"/v1/referrals/{referral['id']}/amendments"
        body = {"children": children, "why": "Er is iets veranderd."}
        made = await self.world.ok(self.world.http.post(path, json=body, headers=sides[0]))
        body = {"decision": decision, "why": "Zo is het goed."}
        await self.world.ok(self.world.http.post(f"{path}/{made['number']}/decisions", json=body, headers=sides[1]))

    async def share(self, child: Json, team: str, headers: dict[str, str], may: str) -> None:
        path = f"/v1/requests/{child['id']}/shares/{team}"
        sent = self.world.http.put(path, json={"may": may}, headers=headers | {"If-Match": "*"})
        await self.world.ok(sent)


async def torn_family(world: World) -> Family:
    """The family, and whoever could ask for it."""
    family = Family(world)
    offers = [await world.contracted_offer() for _ in range(4)]
    for offer in offers:
        await world.report(offer, placesTotal=9, placesOccupied=0, placesReserved=0, placesFree=9)
    await _together(family, offers)
    receiver, other = await add_institution(world), await add_institution(world, name="GI Later")
    teams = [await add_organisation(world, name=f"Wijkteam {name}", role="local-team") for name in ("een", "twee")]
    _name_callers(family, offers, receiver, other, [each["id"] for each in teams])
    await _asked_of_others(family, offers[0])
    await _shared(family, [each["id"] for each in teams])
    await _apart(family, receiver, other)
    await _with_the_receiver(family, offers[3], receiver, teams[0]["id"])
    await _erased(family)
    return family


async def _together(family: Family, offers: list[Json]) -> None:
    """Referrals to several providers for some of them, and amendments that were agreed to and refused."""
    world = family.world
    family.stays = await family.child(7001)
    joined = family.add("referralId", await refer(world, offers[0], family.stays))
    family.went = await family.child(7002)
    both = [family.stays["id"], family.went["id"]]
    await family.amend(joined, both, "agree")
    family.moved = await family.child(7003)
    await family.amend(joined, [*both, family.moved["id"]], "refuse")
    family.closed = await family.child(7004)
    family.erased = await family.child(7005)
    await family.amend(joined, [*both, family.erased["id"]], "refuse")
    left = family.add("referralId", await refer(world, offers[1], family.stays))
    named = [each["id"] for each in left["children"]]
    for_whom = {each["requestId"]: each["id"] for each in left["children"]}
    gone = {for_whom[family.moved["id"]], for_whom[family.erased["id"]], for_whom[family.went["id"]]}
    await family.amend(left, [each for each in named if each not in gone], "agree", by_provider=True)
    declined = family.add("referralId", await refer(world, offers[2], family.stays))
    await world.ok(decide(world, declined, "decline", reason="contra-indication", criteria=["weglopen"]))
    await world.ok(decide(world, joined, "decline"))
    accepted = family.add("referralId", await refer(world, offers[3], family.moved))
    await world.ok(decide(world, accepted, "accept"))
    await world.ok(decide(world, accepted, "withdraw"))


async def _asked_of_others(family: Family, offer: Json) -> None:
    """Calls, arrangements, watches, steps and proposals, from before the family came apart."""
    world = family.world
    for child in (family.stays, family.went, family.moved):
        call = family.add("callId", await publish(world, child))
        await answer(world, call, offer)
        full = await world.add_offer()
        await world.add_contract(full["providerId"], ceiling={"reached": True})
        body = {"offerId": full["id"], "kind": "ceiling-exception", "why": "Enige plek."}
        path = f"/v1/requests/{child['id']}"
        sent = world.http.post(f"{path}/arrangements", json=body, headers=world.gi)
        family.add("arrangementId", await world.ok(sent))
        ranking = await world.ok(world.http.get(f"{path}/matches", headers=world.gi))
        family.ids.setdefault("rankingId", []).append(ranking["rankingId"])
        family.add("watchId", await add_watch(world, requestId=child["id"]))
        await family.put(child, "expert-team", skipReason="Al betrokken.")
    await world.report(offer, placesTotal=9, placesOccupied=0, placesReserved=0, placesFree=8)
    await look(world)
    await family.put(family.moved, "supraregional-network")
    for name in ("expert team", "supraregion"):
        family.add("proposalId", await proposals.made(world, family.headers(name)))


async def _shared(family: Family, teams: list[str]) -> None:
    """One child is shared with a team and no more, another with a second that was asked by a step."""
    gi = family.world.gi
    await family.share(family.stays, teams[0], gi, "read")
    await family.share(family.moved, teams[1], gi, "escalate")
    await family.share(family.went, teams[1], gi, "read")
    path = f"/v1/requests/{family.stays['id']}/shares/{teams[0]}"
    assert (await family.world.http.delete(path, headers=gi | {"If-Match": "*"})).is_success


async def _apart(family: Family, receiver: Institution, other: Institution) -> None:
    world = family.world
    await handed_over(world, family.went, receiver)
    await family.change(family.moved, child=matched_child(family.moved) | ALKMAAR)
    family.add("transferId", await world.ok(propose(world, family.moved, other.id)))
    declined = family.add(
        "transferId", await world.ok(propose(world, family.stays, receiver.id, siblings=[family.closed["id"]]))
    )
    body = {"decision": "decline", "why": "Niet van ons."}
    path = f"/v1/transfers/{declined['id']}/decisions"
    await world.ok(world.http.post(path, json=body, headers=receiver.headers))
    await family.change(family.closed, **CLOSING)


async def _with_the_receiver(family: Family, offer: Json, receiver: Institution, team: str) -> None:
    """What the receiver does with the child that it took over, which has a referral with siblings behind it."""
    await family.share(family.went, team, receiver.headers, "escalate")
    body = {"standsFor": 1, "offerId": offer["id"], "summary": {"urgency": "crisis"}}
    path = f"/v1/requests/{family.went['id']}/referrals"
    sent = family.world.http.post(path, json=body, headers=receiver.headers)
    again = family.add("referralId", await family.world.ok(sent))
    await brought_to(family.world, again, "sent")


async def _erased(family: Family) -> None:
    await family.change(family.erased, **CLOSING)
    path = f"/v1/requests/{family.erased['id']}"
    assert (await family.world.http.delete(path, headers=family.world.gi)).status_code == 204


def _name_callers(
    family: Family, offers: list[Json], receiver: Institution, other: Institution, teams: list[str]
) -> None:
    def institution(role: Role, id_: str, name: str) -> tuple[Role, Json]:
        return role, {"organisation_id": UUID(id_), "client_id": f"test-{id_[:8]}", "institution": name}

    def region(code: str) -> tuple[Role, Json]:
        return Role.REGION, {"region": code, "client_id": f"test-region-{code}"}

    family.callers = {
        "gi": (Role.GI, {"institution": "De Jeugd- en Gezinsbeschermers"}),
        "receiver": institution(Role.GI, receiver.id, "GI De Overkant"),
        "offered": institution(Role.GI, other.id, "GI Later"),
        "team of the receiver": institution(Role.LOCAL_TEAM, teams[0], "Wijkteam een"),
        "reading team": institution(Role.LOCAL_TEAM, teams[1], "Wijkteam twee"),
        **{
            f"provider {number}": (
                Role.PROVIDER,
                {"provider_id": UUID(offer["providerId"]), "client_id": f"test-{offer['providerId'][:8]}"},
            )
            for number, offer in enumerate(offers)
        },
        "region": region("JZ03"),
        "expert team": (Role.REGION, region("JZ03")[1] | TEAM),
        "new region": region("JZ06"),
        "new expert team": (Role.REGION, region("JZ06")[1] | TEAM),
        "supraregion": (Role.SUPRAREGION, {}),
        "national": (Role.NATIONAL, {}),
        "inspectorate": (Role.INSPECTORATE, {}),
        "admin": (Role.ADMIN, {}),
        "stranger": (Role.GI, {"organisation_id": UUID(int=77), "client_id": "other-gi"}),
    }
