"""Holding the watches against what changed: one process at a time, each change once, told in the same transaction.

How far that has come is a row with a position in the log of changes, which whoever goes on with it holds: what was
found, what is told of it and the new position are committed together or not at all, so that a process that dies leaves
its work to the next, and none of it is done twice. The unique index on places stands guard behind it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.domain.dates import dutch_day
from app.dossiers.arrangements.service import exceptions_of
from app.dossiers.referrals.refusals import earlier_declines, list_refusals
from app.dossiers.referrals.schemas import Refusal
from app.dossiers.requests.repository import list_siblings
from app.dossiers.requests.tables import RequestRow
from app.dossiers.watches import repository
from app.dossiers.watches.fitting_offers import (
    Fits,
    fits_request,
    fits_search,
    read_search,
    show,
)
from app.dossiers.watches.notifications import tell
from app.dossiers.watches.repository import Due
from app.dossiers.watches.tables import WatchProgressRow, WatchRow
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.follower import Follower
from app.finding.catalogue.position import Position
from app.finding.matching.schemas import OfferException
from app.kit.clock import Clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import WriteSession
from app.kit.turns import in_turns

EVERY: Final = "* * * * * */5"


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Holds the watches against the catalogue of this process; `public_url` is where links in mail lead."""

    follower: Follower
    clock: Clock
    public_url: str

    def job(self) -> Job:
        """The job that does it, every five seconds in one of the processes."""

        async def run(session: WriteSession) -> None:
            await self.evaluate(session)

        return Job("match-watches", EVERY, run)

    async def evaluate(self, session: WriteSession) -> int:
        """Holds the watches against all that changed since the last time, and tells what was found; how many places."""
        progress = await repository.claim_progress(session)
        if progress is None:
            return 0
        await self.follower.catch_up()  # to what the one before had seen, at the least
        catalogue, now = self.follower.catalogue, self.clock()
        position = catalogue.position
        touched = _touched(catalogue, progress, dutch_day(now))
        offer_ids = None if touched is None else [UUID(each) for each in touched]
        due = await repository.list_due(session, dutch_day(now), _care_types(catalogue, touched or ()), offer_ids)
        requests = [each.request for each in due if each.request is not None]
        request_ids = {row.id for row in requests}
        refusals = await list_refusals(session, request_ids)
        exceptions = await exceptions_of(session, request_ids, dutch_day(now))
        round_ = _Round(catalogue, now, touched, await list_siblings(session, requests), refusals, exceptions)
        await _compare(session, round_, due)
        matches = await repository.add_matches(session, round_.new)
        await repository.mark_gone(session, round_.no_longer_fitting, now)
        await tell(session, {each.watch.id: each.watch for each in due}, matches, now, self.public_url)
        await repository.settle(session, [each.watch for each in due])
        await repository.save_progress(session, dutch_day(now), str(position))
        return len(matches)


def _touched(catalogue: Catalogue, progress: WatchProgressRow, today: date) -> set[str] | None:
    """The offers that changed since; None where it could be any: on another day all may stand otherwise."""
    if progress.position is None or progress.day != today:
        return None
    seen = Position.parse(progress.position)
    return catalogue.touched_since(seen) if catalogue.position.covers(seen) else None


def _care_types(catalogue: Catalogue, touched: Iterable[str]) -> set[str]:
    slots = (catalogue.find_slot(offer_id) for offer_id in touched)
    return {catalogue.entry(slot).care_type for slot in slots if slot is not None}


@dataclass(slots=True)
class _Round:
    """What is held against which offers, and what came of it."""

    catalogue: Catalogue
    now: datetime
    touched: set[str] | None
    siblings: Sequence[RequestRow]
    refusals: Mapping[UUID, Sequence[Refusal]]
    exceptions: Mapping[UUID, Sequence[OfferException]]
    new: list[dict[str, Any]] = field(default_factory=list)
    no_longer_fitting: list[tuple[UUID, UUID]] = field(default_factory=list)
    _known: dict[str, Fits] = field(default_factory=dict)

    def scope(self, due: Due) -> set[str] | None:
        """The offers that a watch is held against; None for all."""
        return None if due.watch.fresh or due.request is not None else self.touched

    def fits(self, due: Due) -> Fits:
        """The offers that fit it; who ask the same share the answer."""
        today = dutch_day(self.now)
        if due.request is not None:
            declines = earlier_declines(self.refusals[due.request.id])
            exceptions = self.exceptions[due.request.id]
            return fits_request(self.catalogue, due.request, self.siblings, today, declines, exceptions)
        search, scope = read_search(due.watch.search or {}), self.scope(due)
        if search is None:
            return {}
        question = f"{scope is None} {search.model_dump_json()}"
        if question not in self._known:
            self._known[question] = fits_search(self.catalogue, search, today, scope)
        return self._known[question]

    def compare(self, due: Due, standing: set[UUID]) -> None:
        """Notes what fits and did not, and the other way round."""
        fits, scope = self.fits(due), self.scope(due)
        known = standing if scope is None else {each for each in standing if str(each) in scope}
        self.new += match_rows(
            self.catalogue,
            due.watch,
            {offer_id: fit for offer_id, fit in fits.items() if offer_id not in standing},
            self.now,
            told=True,
        )
        self.no_longer_fitting += [(due.watch.id, offer_id) for offer_id in known if offer_id not in fits]


async def _compare(session: WriteSession, round_: _Round, due: Sequence[Due]) -> None:
    standing = defaultdict[UUID, set[UUID]](set)
    for watch_id, offer_id in await repository.list_standing(session, [each.watch.id for each in due]):
        standing[watch_id].add(offer_id)
    async for each in in_turns(due):
        round_.compare(each, standing[each.watch.id])
        await repository.note_request(session, each)


def match_rows(catalogue: Catalogue, watch: WatchRow, fits: Fits, now: datetime, *, told: bool) -> list[dict[str, Any]]:
    """The rows of places that a watch found."""
    common = {"watch_id": watch.id, "organisation_id": watch.organisation_id, "told": told, "matched_at": now}
    rows = []
    for offer_id, fit in fits.items():
        shown = show(catalogue, offer_id)
        if shown is not None:  # it may have ended while others got their turn
            rows.append({**common, **fit._asdict(), "offer_id": offer_id, "shown": shown})
    return rows
