"""A ranking by the waits that we expect instead of those that providers state: only where it is asked for."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.candidates import candidates_for
from app.finding.matching.case_file import Case
from app.finding.matching.case_snapshot import case_of
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.json_bytes import to_json
from app.ranking.facts_of_offers import asked_choice
from app.ranking.model import Policy, Request
from app.ranking.rank import Ranking, judged
from app.ranking.rules import choice_of
from app.supply.capacity.expected_waits import Waits, expected_wait_out, expected_waits


async def expected_case(
    session: ReadSession | WriteSession, catalogue: Catalogue, request: Request, today: date, policy: Policy
) -> Case:
    """The case of the request now, with our estimates for the candidates of whose reports there are enough."""
    choices = [asked_choice(each) for each in request.choices]
    slots = [each.number for each in candidates_for(catalogue, request).offers if choice_of(choices, each)]
    records = zip(slots, catalogue.table.take(slots), strict=True)
    counted = [UUID(catalogue.entry(slot).id) for slot, each in records if each["reported"] and not each["in_hours"]]
    found = await expected_waits(session, counted, today, request.places)
    case = case_of(catalogue, request, today, policy)  # offers may have come and gone while the reports were read
    waits = {each.id: found[UUID(each.id)] for each in case.offers if UUID(each.id) in found}
    return replace(case, wait_source="expected", expected=waits)


def ranking_of_case(catalogue: Catalogue, case: Case) -> Ranking:
    """The ranking of a case that the catalogue just gave, with what the catalogue keeps of its offers to describe them.

    It is the one that `wijzer rank` makes of the case. The catalogue may not have changed since.
    """
    slots = [catalogue.find_slot(each.id) for each in case.offers]
    entries = [catalogue.entry(slot) for slot in slots if slot is not None]
    return judged(case.request, case.ranked_offers, entries, today=case.today, policy=case.policy)


def shown_waits(case: Case) -> dict[str, bytes]:
    """Our estimates as they go over the wire, by the id of the offer, each beside what its provider states."""
    stated = {each.id: None if each.capacity is None else each.capacity.wait_days_intake for each in case.offers}
    return {
        offer_id: to_json(expected_wait_out(Waits(wait, stated[offer_id])).model_dump(by_alias=True))
        for offer_id, wait in case.expected.items()
    }
