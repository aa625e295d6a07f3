"""What went into a ranking, written out of the catalogue as it stands, so that it can be made again for ever."""

from datetime import date
from operator import attrgetter
from typing import Any

import orjson

from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.entries import Entry
from app.finding.catalogue.records import moment_of
from app.finding.matching.candidates import candidates_for
from app.finding.matching.case_file import Case
from app.ranking.facts import EVERYONE, NEVER, NOT_GIVEN, Closed, Term
from app.ranking.facts_of_offers import asked_choice
from app.ranking.model import (
    CONTRACT_KINDS,
    Capacity,
    Child,
    Contract,
    Location,
    Offer,
    Policy,
    Request,
    Stop,
)
from app.ranking.rules import choice_of


def case_of(catalogue: Catalogue, request: Request, today: date, policy: Policy) -> Case:
    """The case whose ranking is that of the request now; its offers by id.

    Of contracts and stops it holds what bears on the child: its region's, its municipality's, and everyone's.
    """
    child, choices = request.child, [asked_choice(each) for each in request.choices]
    found = candidates_for(catalogue, request)
    offers = [
        _offer(
            catalogue.entry(facts.number),
            catalogue.table[facts.number],
            tuple(_contract(term, child) for term in terms),
            tuple(_stop(stop) for stop in facts.stops if stop.region in (EVERYONE, child.region)),
        )
        for facts, terms in zip(found.offers, found.terms, strict=True)
        if choice_of(choices, facts)
    ]
    return Case(request, tuple(sorted(offers, key=attrgetter("id"))), today, policy)


def _stop(stop: Closed) -> Stop:
    return Stop(date.fromordinal(stop.starts_on), _end(stop.ends_on))


def _end(day: int) -> date | None:
    return None if day == NEVER else date.fromordinal(day)


def _contract(term: Term, child: Child) -> Contract:
    return Contract(
        kind=CONTRACT_KINDS[term.kind],
        starts_on=date.fromordinal(term.starts_on),
        ends_on=_end(term.ends_on),
        regions=term.regions & {child.region},
        municipalities=term.municipalities & {child.municipality},
        ceiling_reached=term.ceiling_reached,
        ceiling_exempts_measure=term.exempts_measure,
    )


def _offer(entry: Entry, record: Any, contracts: tuple[Contract, ...], stops: tuple[Stop, ...]) -> Offer:
    shown = orjson.loads(entry.shown)
    area = shown["serviceArea"]
    return Offer(
        id=entry.id,
        provider_id=str(entry.provider.id),
        care_type=entry.care_type,
        age_min=entry.age_min,
        age_max=entry.age_max,
        genders=frozenset(shown["genders"]),
        contracts=contracts,
        stops=stops,
        capacity=_capacity(record) if record["reported"] else None,
        location=_location(shown["location"]),
        at_home=entry.at_home,
        service_area=None if area is None else frozenset(area),
        needs_court_authorisation=entry.needs_court_authorisation,
        specialisations=entry.specialisations,
        exclusion_criteria=frozenset(shown["exclusionCriteria"]),
        unit=shown["unit"],
    )


def _location(shown: dict[str, Any] | None) -> Location | None:
    if shown is None or shown["latitude"] is None or shown["longitude"] is None:
        return None
    return Location(shown["municipality"], shown["latitude"], shown["longitude"])


def _capacity(record: Any) -> Capacity:
    return Capacity(
        observed_at=moment_of(int(record["observed_at"])),
        places_free=float(record["places_free"]),
        waiting_count=_given(record["waiting_count"]),
        places_total=None if record["places_total"] == NOT_GIVEN else float(record["places_total"]),
        next_free_on=_end(int(record["next_free_on"])),
        wait_days_intake=_given(record["wait_days_intake"]),
        wait_days_treatment=_given(record["wait_days_treatment"]),
        accepts_referrals=bool(record["accepts_referrals"]),
    )


def _given(number: Any) -> int | None:
    return None if number == NOT_GIVEN else int(number)
