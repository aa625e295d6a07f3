"""A world in which every page has something to show, for walks over all of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.kit.security.callers import Right
from tests.access.clients import add_organisation
from tests.dossiers.arrangements.scene import asked
from tests.dossiers.calls.scene import answer, publish
from tests.dossiers.proposals.scene import made_somehow
from tests.dossiers.referrals.scene import OUTSIDE, brought_to, post_referral, refer
from tests.dossiers.transfers.scene import Institution, add_institution, propose
from tests.dossiers.watches.scene import add_watch
from tests.insight.asked import bring_supply
from tests.insight.children import Child, add_children
from tests.insight.plans.scene import add_action
from tests.insight.scene import bring
from tests.insight.targets.scene import add_target
from tests.world import HOME, World

Json = dict[str, Any]
TEAM = {"rights": frozenset({Right.EXPERT_TEAM})}


@dataclass(frozen=True)
class Everything:
    """Whose pages have what: the provider that is asked, and the institution that a dossier is handed to, if any.

    `dossier` is the id of the child with all that a dossier can have.
    """

    provider_id: UUID
    dossier: str | None = None
    receiver: Institution | None = None


async def everything(world: World) -> Everything:
    """Offers, children in every state, what was asked of others for them, and what a region keeps and decides."""
    provider = await world.add_provider(name="Demo Zorg", contact={"phone": "0223 123456", "email": "a@example.org"})
    offer = await _supply(world, provider)
    dossier = await _children(world, offer)
    await _region(world, provider)
    receiver = await add_institution(world)
    await world.ok(propose(world, await world.add_request(), receiver.id))
    return Everything(UUID(provider), dossier, receiver)


async def _supply(world: World, provider: str) -> Json:
    offer = await world.contracted_offer(
        provider, name="Het Nest", description="Negen plekken in een gezin.", specialisations=["trauma"]
    )
    await world.report(offer, placesTotal=9, placesFree=8, note="Bel voor overleg.")
    await add_watch(world, label="Het Nest", search={"careType": ["gezinshuis"], "offer": offer["id"]})
    await world.add_location(provider, "there", name="Elders", postcode="1791AA")
    await world.add_offer(provider, locationKey="there", name="Nog nooit gemeld")
    await world.add_offer(provider, atHome=True, serviceArea=[HOME], name="Aan huis")
    return offer


async def _children(world: World, offer: Json) -> str:
    """A child with all that a dossier can have, whose id it gives, and others with what does not go together."""
    late = {"measure": {"type": "21", "imposedOn": "2026-08-03"}}
    team = await add_organisation(world, name="Wijkteam Noord", role="local-team")
    made, *_ = [await world.add_request(siblingGroup="gezin-31", needs=["trauma"], child=late) for _ in range(3)]
    path = f"/v1/requests/{made['id']}"
    await world.ok(
        world.http.put(f"{path}/shares/{team['id']}", json={"may": "read"}, headers=world.gi | {"If-Match": "*"})
    )
    await world.ok(world.http.get(f"{path}/matches?explain=true", headers=world.gi))
    referral = await refer(world, offer, made, summary={"urgency": "crisis", "characteristics": ["weglopen"]})
    children = [{"children": [each["id"] for each in referral["children"][:1]], "why": "Er is iets veranderd."}]
    for body in children:
        proposed = f"/v1/referrals/{referral['id']}/amendments"
        await world.ok(world.http.post(proposed, json=body, headers=world.provider(offer["providerId"])))
    await answer(world, await publish(world, made), offer)
    await publish(world)
    step = await _put(world, made, "local-team")
    outcome = {"outcomeKind": "help", "outcome": "Plek gevonden.", "outcomeOn": "2026-11-22"}
    headers = world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(f"{path}/escalations/{step['id']}", json=outcome, headers=headers))
    for status in ("sent", "accepted", "waitlisted", "declined", "withdrawn", "started", "ended"):
        child = await world.add_request(child=late)
        await brought_to(world, await refer(world, offer, child), status)
    await world.ok(post_referral(world, await world.add_request(), OUTSIDE))
    await _put(world, await world.add_request(), "expert-team", skipReason="Al betrokken.")
    for kind in ("light-contract", "provider-consent"):
        await asked(world, kind)
    return str(made["id"])


async def _put(world: World, made: Json, step: str, **fields: Any) -> Json:
    body = {"step": step, "reason": "no-suitable-offer", "asked": "Wie heeft een plek?", **fields}
    return await world.ok(world.http.post(f"/v1/requests/{made['id']}/escalations", json=body, headers=world.gi))


async def _region(world: World, provider: str) -> None:
    due = date(2026, 7, 10)
    helped = [Child(HOME, due, help_on=date(2026, 10, 5), known_on=due) for _ in range(6)]
    await add_children(world, [*helped, Child(HOME, due)])
    await world.add_contract(provider, ceiling={"reached": True})
    await world.add_stop(provider, world.region(), imposedBy="region", **{"from": "2026-12-01"})
    await add_action(world, figures=[{"name": "norms.helpLate"}], word="Het loopt.")
    await add_target(world)
    await bring(world)
    await bring_supply(world)
    await made_somehow(world)
