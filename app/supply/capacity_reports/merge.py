"""What each of many reports adds to what is known, as if they came one by one, oldest first. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.supply.capacity_reports.repository import Report, Standing


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
