"""What each of many reports says and adds to what is known, as if they came one by one, oldest first. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from app.domain.dates import dutch_day
from app.kit.turns import in_turns
from app.supply.capacity.figures import (
    NEVER_EMPTY,
    UNKNOWN,
    Figures,
    Wrong,
    changed_by,
    check,
    not_whole,
)
from app.supply.capacity_reports.repository import Report, Standing


class Change(NamedTuple):
    """What a line changes of an offer; `blank` are the figures that it leaves empty though they cannot be emptied."""

    offer_id: UUID
    observed_at: datetime
    named: Figures
    blank: frozenset[str]
    in_hours: bool


Completed: TypeAlias = Report | list[Wrong] | None
"""The report that a line is, or what is wrong with it; None where it says nothing of an offer without reports."""


async def complete(
    changes: Sequence[Change], standing: Mapping[UUID, Standing], stood: Mapping[int, Standing]
) -> list[Completed]:
    """Each change with what it keeps of the newest report that is not younger than it.

    `standing` is what stands of their offers; `stood` what stood at the time of a change that is older than that, by
    the place of the change. Changes of one offer build on each other: of places free 2, waiting 3 at 8:00, a line of
    9:00 that says waiting 4 and one of 10:00 that says places free 1 make 2 with 4, and 1 with 4.
    """
    found: list[Completed] = [None] * len(changes)
    own = dict[UUID, Standing]()
    async for index in in_turns(sorted(range(len(changes)), key=lambda index: (changes[index].observed_at, index))):
        change = changes[index]
        before = standing.get(change.offer_id)
        if before is not None and change.observed_at < before.since:
            before = stood.get(index)
        earlier = own.get(change.offer_id)
        if earlier is not None and (before is None or earlier.since >= before.since):
            before = earlier
        made = found[index] = complete_plain(change, before) or complete_one(change, before)
        if isinstance(made, Report):
            own[change.offer_id] = Standing(change.observed_at, made.figures)
    return found


def complete_plain(change: Change, before: Standing | None) -> Report | None:
    """The report that a change of what stands makes, where surely nothing is wrong with it; as `complete_one`, of which
    it takes a third of the time. None of all others."""
    if before is None or change.blank:
        return None
    named = change.named
    figures = tuple([named.get(name, old) for name, old in zip(UNKNOWN, before.figures, strict=True)])
    total, occupied, reserved, free, _, next_free_on = figures[:6]
    if free is None or (total is not None and (occupied or 0) + (reserved or 0) + free > total):
        return None
    if next_free_on is not None and not free:
        return None
    if not change.in_hours and any(type(each) is float and not each.is_integer() for each in figures[:4]):
        return None
    return Report(change.offer_id, change.observed_at, figures)


def complete_one(change: Change, before: Standing | None) -> Completed:
    """What a change makes of what stood `before`."""
    says_nothing = all(value is None for value in change.named.values())
    if before is None and "places_free" in change.blank and says_nothing:
        return None
    changed = changed_by(change.named, None if before is None else dict(zip(UNKNOWN, before.figures, strict=True)))
    wrong = list(_wrong(change, changed.figures, changed.kept, is_first=before is None))
    return wrong or Report(change.offer_id, change.observed_at, tuple(changed.figures[name] for name in UNKNOWN))


def _wrong(change: Change, figures: Figures, kept: Figures, *, is_first: bool) -> Iterator[Wrong]:
    if not is_first:
        yield from (Wrong(name, "missing", NEVER_EMPTY) for name in UNKNOWN if name in change.blank)
    if not change.in_hours:
        yield from not_whole(figures)
    yield from check(figures, kept, dutch_day(change.observed_at))


@dataclass(frozen=True, slots=True)
class Decided:
    """For each report what goes into the history, None where it is there already; and what stands in the end."""

    added: list[Report | None]
    last: dict[UUID, Standing]

    def stands(self, report: Report) -> bool:
        """Whether this is the report that stands in the end."""
        return self.last.get(report.offer_id) == Standing(report.observed_at, report.figures)


def decide(reports: Sequence[Report], standing: Mapping[UUID, Standing], known: Collection[Report]) -> Decided:
    """`standing` is what stands of their offers, `known` those of them that the history has already.

    Of equally old reports of an offer the last one counts as the newest, and of the same report twice the last.
    """
    last = dict(standing)
    added: list[Report | None] = [None] * len(reports)
    final = {report: index for index, report in enumerate(reports)}
    for index in sorted(final.values(), key=lambda index: (reports[index].observed_at, index)):
        report = reports[index]
        if report in known:
            continue
        before = last.get(report.offer_id)
        added[index] = report
        if before is not None and report.observed_at < before.since:
            continue
        if before is not None and report.figures == before.figures:
            added[index] = report._replace(confirmation=True)
        last[report.offer_id] = Standing(report.observed_at, report.figures)
    return Decided(added, last)
