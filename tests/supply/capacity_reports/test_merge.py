"""What each report adds, as a table: reports of one offer by their hour and their figure, in the order sent."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.supply.capacity_reports.merge import decide
from app.supply.capacity_reports.repository import Report, Standing

OFFER = UUID(int=1)


def _at(hour: int) -> datetime:
    return datetime(2026, 11, 22, hour, tzinfo=UTC)


def _report(hour: int, figure: int) -> Report:
    return Report(OFFER, _at(hour), (figure,))


@pytest.mark.parametrize(
    ("standing", "known", "sent", "added", "stands"),
    [
        (None, [], [(9, 1)], "new", 0),
        ((8, 1), [], [(9, 2)], "new", 0),
        ((8, 1), [], [(9, 1)], "same", 0),
        ((9, 1), [], [(8, 2)], "new", None),  # older: the history alone
        ((9, 1), [], [(8, 1)], "new", None),  # older figures confirm nothing
        ((9, 1), [(9, 1)], [(9, 1)], "none", 0),
        ((9, 1), [(8, 2), (9, 1)], [(8, 2), (9, 1)], "none none", 1),
        ((9, 1), [], [(9, 2)], "new", 0),  # as old as what stands: what comes later counts
        (None, [], [(9, 1), (9, 1)], "none new", 1),
        (None, [], [(9, 1), (9, 2), (9, 1)], "none new new", 2),  # what was said last stands
        (None, [], [(9, 2), (8, 1)], "new new", 0),
        (None, [], [(9, 1), (8, 1)], "same new", 0),  # the later one confirms the earlier
    ],
)
def test_what_each_report_adds(
    standing: tuple[int, int] | None,
    known: list[tuple[int, int]],
    sent: list[tuple[int, int]],
    added: str,
    stands: int | None,
) -> None:
    reports = [_report(*each) for each in sent]
    before = {OFFER: Standing(_at(standing[0]), (standing[1],))} if standing else {}
    decided = decide(reports, before, {_report(*each) for each in known})
    told = ["none" if each is None else "same" if each.confirmation else "new" for each in decided.added]
    assert " ".join(told) == added
    standing_now = [index for index, each in enumerate(reports) if decided.stands(each)]
    assert standing_now[-1:] == ([] if stands is None else [stands])


def test_offers_do_not_touch_each_other() -> None:
    other = Report(UUID(int=2), _at(8), (1,))
    decided = decide([_report(9, 1), other], {}, set())
    assert decided.added == [_report(9, 1), other]
    assert decided.stands(other)
