"""The statement once more, from its definition: day by day, offer by offer, in Python, with nothing of the product."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Number = int | Fraction


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Europe/Amsterdam")).date()


@dataclass
class Report:
    """A report of the provider's own, or one that was counted from a referral; in the order in which they came in."""

    observed_at: datetime
    waiting: int | None
    intake: int | None
    treatment: int | None
    counted: bool = False

    @property
    def wait(self) -> int | None:
        if self.intake is None and self.treatment is None:
            return None
        return (self.intake or 0) + (self.treatment or 0)


@dataclass
class Offer:
    """An offer with its whole history."""

    care_type: str
    region: str | None
    created_at: datetime
    ended_at: datetime | None
    reports: list[Report] = field(default_factory=list)

    def is_given(self, day: date) -> bool:
        began = _day(min([self.created_at, *(each.observed_at for each in self.reports)]))
        return began <= day and (self.ended_at is None or day <= _day(self.ended_at))

    def on(self, day: date) -> Report | None:
        """The report whose figures are those of a day, or None where they are not known."""
        found: Report | None = None
        for report in self.reports:
            if report.counted or _day(report.observed_at) > day:
                continue
            if found is None or report.observed_at >= found.observed_at:
                found = report
        return found if found is not None and (day - _day(found.observed_at)).days <= 30 else None


def statement(offers: Sequence[Offer], first: date, last: date) -> dict[tuple[str, str | None], dict[str, Any]]:
    """What each line has to say, by care type and region."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    lines: dict[tuple[str, str | None], list[Offer]] = defaultdict(list)
    for offer in offers:
        if any(offer.is_given(day) for day in days):
            lines[offer.care_type, offer.region].append(offer)
    return {key: _line(group, days) for key, group in lines.items()}


def _line(offers: list[Offer], days: list[date]) -> dict[str, Any]:
    known = [[offer.on(day) if offer.is_given(day) else None for day in days] for offer in offers]
    figures = [[each for each in row if each is not None] for row in known]
    everything = [each for row in figures for each in row]
    at_end = [row[-1] for row in known if row[-1] is not None]
    told = [[each.waiting for each in row if each.waiting is not None] for row in figures]
    told_at_end = [each.waiting for each in at_end if each.waiting is not None]
    line: dict[str, Any] = {
        "waitingCountAtEnd": sum(told_at_end) if told_at_end else None,
        "waitingCountAverage": _tenth(sum(Fraction(sum(row), len(row)) for row in told if row) if any(told) else None),
        "offers": len(offers),
        "offersKnown": sum(bool(row) for row in told),
        "offersAtEnd": sum(offer.is_given(days[-1]) for offer in offers),
        "offersKnownAtEnd": len(told_at_end),
        "offerDays": sum(offer.is_given(day) for offer in offers for day in days),
        "offerDaysKnown": sum(map(len, told)),
    }
    for name, part in (("waitDays", "wait"), ("waitDaysIntake", "intake"), ("waitDaysTreatment", "treatment")):
        line[f"{name}AtEnd"] = _tenth(_mean([getattr(each, part) for each in at_end]))
        line[f"{name}Average"] = _tenth(_mean([getattr(each, part) for each in everything]))
    return line


def _mean(values: list[int | None]) -> Number | None:
    said = [value for value in values if value is not None]
    return Fraction(sum(said), len(said)) if said else None


def _tenth(value: Number | None) -> float | None:
    if value is None:
        return None
    exact = Decimal(Fraction(value).numerator) / Decimal(Fraction(value).denominator)
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))
