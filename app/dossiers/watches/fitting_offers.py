"""Which offers fit a watch today: of a search as the list of free places has it, of a request as its ranking has it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, cast
from uuid import UUID

import orjson
from pydantic import ValidationError

from app.dossiers.requests.match_request import match_request_of
from app.dossiers.requests.tables import RequestRow
from app.dossiers.watches.schemas import WatchSearch
from app.dossiers.watches.tables import FittingStatus
from app.finding.catalogue.availability import SOON, STATUSES, unconfirmed
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.entries import Entry
from app.finding.matching.schemas import EarlierDecline, OfferException
from app.finding.matching.service import ranked_request, ranking_of
from app.finding.search.fitting_offers import find
from app.kit.errors import ConflictError
from app.ranking.facts import NEVER


class Fit(NamedTuple):
    """How an offer fits: free today or soon, from which day, and how far away, None where that is not told."""

    status: FittingStatus
    expected_start: date
    distance_km: float | None


Fits = dict[UUID, Fit]


def read_search(kept: Mapping[str, Any]) -> WatchSearch | None:
    """A search that was kept; None where it has a code that is no more, such as that of a former municipality."""
    try:
        return WatchSearch.model_validate(kept)
    except ValidationError:
        return None


def fits_search(catalogue: Catalogue, search: WatchSearch, today: date, among: Collection[str] | None = None) -> Fits:
    """The offers that fit a search, by id: of all, or of those with these ids."""
    found = find(catalogue, search, today, among)
    rows = zip(
        found.slots,
        found.availabilities.status[found.fits].tolist(),
        found.availabilities.start[found.fits].tolist(),
        found.distance_km[found.fits].tolist(),
        strict=True,
    )
    return {
        UUID(catalogue.entry(slot).id): Fit(
            cast("FittingStatus", STATUSES[status]),
            date.fromordinal(start),
            None if km != km else round(km, 3),  # noqa: PLR0124 - not a number is unequal to itself
        )
        for slot, status, start, km in rows
        if start != NEVER
    }


def fits_request(
    catalogue: Catalogue,
    row: RequestRow,
    siblings: Sequence[RequestRow],
    today: date,
    declines: Sequence[EarlierDecline],
    exceptions: Sequence[OfferException],
) -> Fits:
    """The offers that the ranking finds for a request, with places for it now or soon, by id.

    Not those whose refusal of this child still stands. Without a distance: it would tell where the child is.
    """
    try:
        request = ranked_request(match_request_of(row, siblings, today, "timely-first", 1, declines, exceptions))
    except (ConflictError, ValidationError):  # it has a code that is no more
        return {}
    ranking = ranking_of(catalogue, request, today, "timely-first")
    fits: Fits = {}
    results = ranking.best()[0]
    entries = [cast("Entry", result.offer) for result in results]
    due = unconfirmed(catalogue.records(entries, request.places), today.toordinal()).tolist()
    for result, entry, since in zip(results, entries, due, strict=True):
        start = result.expected_start
        if start is not None and start <= today + SOON:
            status: FittingStatus = "free" if start == today and not since else "soon"
            fits[UUID(entry.id)] = Fit(status, start, None)
    return fits


def show(catalogue: Catalogue, offer_id: UUID) -> dict[str, Any] | None:
    """Who has the place and where, as `WatchMatchOut` has it; None where the offer is no longer given."""
    slot = catalogue.find_slot(str(offer_id))
    if slot is None:
        return None
    entry = catalogue.entry(slot)
    offer = orjson.loads(entry.shown)
    location = offer["location"] or {}
    return {
        "offer_name": offer["name"],
        "care_type": entry.care_type,
        "provider_id": str(entry.provider.id),
        "provider_name": entry.provider.name,
        "city": location.get("city"),
        "municipality": location.get("municipality"),
    }
