import pytest

from app.domain.language import Text
from app.finding.matching.wording.phrases import (
    counted,
    from_today,
    lateness,
    norm_in_words,
    period,
    years_in_words,
)
from app.ranking.derived_dates import Norm
from tests.ranking.builders import TODAY, day


@pytest.mark.parametrize(
    ("days", "nl", "en"),
    [
        (1, "1 dag", "1 day"),
        (6, "6 dagen", "6 days"),
        (7, "1 week", "1 week"),
        (8, "ruim 1 week", "more than 1 week"),
        (14, "2 weken", "2 weeks"),
        (34, "ruim 4 weken", "more than 4 weeks"),
    ],
)
def test_a_period(days: int, nl: str, en: str) -> None:
    assert period(days) == Text(nl=nl, en=en)


def test_from_today() -> None:
    assert from_today(0) == Text(nl="vandaag", en="today")
    assert from_today(9) == Text(nl="over ruim 1 week", en="in more than 1 week")


def test_counts() -> None:
    wish, wishes = Text(nl="wens", en="wish"), Text(nl="wensen", en="wishes")

    assert counted(1, wish, wishes) == Text(nl="1 wens", en="1 wish")
    assert counted(0, wish, wishes) == Text(nl="0 wensen", en="0 wishes")
    assert years_in_words(1) == Text(nl="1 jaar", en="1 year")
    assert years_in_words(12) == Text(nl="12 jaar", en="12 years")


@pytest.mark.parametrize(
    ("norm", "nl", "en"),
    [
        (
            Norm(TODAY, day(7), day(7)),
            "norm: uiterlijk 29 november 2026",
            "norm: by 29 November 2026",
        ),
        (
            Norm(TODAY, day(-1), day(7)),
            "de termijn van 21 november 2026 is verstreken, dus telt hulp die meteen start: uiterlijk 29 november 2026",
            "the deadline of 21 November 2026 has passed, so help at once is what counts: by 29 November 2026",
        ),
        (
            Norm(TODAY, day(0), day(7)),  # the last day has not passed yet
            "de termijn van 22 november 2026 is er al bijna, dus telt hulp die meteen start:"
            " uiterlijk 29 november 2026",
            "the deadline of 22 November 2026 is at hand, so help at once is what counts: by 29 November 2026",
        ),
    ],
)
def test_the_norm(norm: Norm, nl: str, en: str) -> None:
    assert norm_in_words(norm) == Text(nl=nl, en=en)


def test_lateness() -> None:
    assert lateness(day(10), Norm(TODAY, day(9), day(9))) == Text(nl="1 dag te laat", en="1 day late")
    assert lateness(day(21), Norm(TODAY, day(-1), day(7))) == Text(
        nl="2 weken na 29 november 2026", en="2 weeks after 29 November 2026"
    )
