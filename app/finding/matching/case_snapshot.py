"""What went into a ranking, written out of the catalogue as it stands, so that it can be made again for ever."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from typing import Any

import orjson

from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.entries import Entry
from app.finding.catalogue.records import moment_of
from app.finding.catalogue.selection import Selection
from app.finding.matching.candidates import selections_for
from app.finding.matching.case_file import Case
from app.ranking.columns import NEVER, NOT_GIVEN, Array
from app.ranking.columns_of_offers import choice_of
from app.ranking.model import (
    CONTRACT_KINDS,
    Capacity,
    Contract,
    Location,
    Offer,
    Policy,
    Request,
    Stop,
)

Rows = dict[int, list[Any]]


def case_of(catalogue: Catalogue, request: Request, today: date, policy: Policy) -> Case:
    """The case whose ranking is that of the request now; its offers by id.

    Of contracts and stops it holds what bears on the child: its region's, its municipality's, and everyone's.
    """
    offers: dict[str, Offer] = {}
    for selection in selections_for(catalogue, request):
        for offer in _offers(catalogue, selection, request):
            if choice_of(offer, request.choices):
                offers[offer.id] = offer
    return Case(request, tuple(sorted(offers.values(), key=attrgetter("id"))), today, policy)


def _offers(catalogue: Catalogue, selection: Selection, request: Request) -> Iterator[Offer]:
    contracts, stops = _by_position(selection.contracts), _by_position(selection.stops)
    for position in selection.counts.nonzero()[0].tolist():
        entry, record = catalogue.entry(selection.slots[position]), selection.offers[position]
        yield _offer(
            entry,
            record,
            tuple(_contract(row, request) for row in contracts[position]),
            tuple(Stop(date.fromordinal(int(row["starts_on"])), _end(row)) for row in stops[position]),
        )


def _by_position(rows: Array) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows:
        found[int(row["position"])].append(row)
    return found


def _end(row: Any) -> date | None:
    return None if row["ends_on"] == NEVER else date.fromordinal(int(row["ends_on"]))


def _contract(row: Any, request: Request) -> Contract:
    child = request.child
    whole_region = row["municipality"] == 0
    return Contract(
        kind=CONTRACT_KINDS[row["kind"]],
        starts_on=date.fromordinal(int(row["starts_on"])),
        ends_on=_end(row),
        regions=frozenset({child.region} if whole_region else ()),
        municipalities=frozenset(() if whole_region else {child.municipality}),
        ceiling_reached=bool(row["ceiling_reached"]),
        ceiling_exempts_measure=bool(row["ceiling_exempts_measure"]),
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
        next_free_on=None if record["next_free_on"] == NEVER else date.fromordinal(int(record["next_free_on"])),
        wait_days_intake=_given(record["wait_days_intake"]),
        wait_days_treatment=_given(record["wait_days_treatment"]),
        accepts_referrals=bool(record["accepts_referrals"]),
    )


def _given(number: Any) -> int | None:
    return None if number == NOT_GIVEN else int(number)
