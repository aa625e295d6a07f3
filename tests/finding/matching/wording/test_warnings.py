from typing import Any, Final

import pytest

from app.domain.dates import YearMonth
from app.domain.language import Language, Text
from app.finding.matching.wording.warnings import WARNING_CODES, WARNINGS
from app.ranking.model import Choice
from tests.finding.matching.said import said_of
from tests.ranking.builders import (
    TODAY,
    a_child,
    a_contract,
    a_report,
    a_request,
    an_offer,
    day,
    starting,
)

LANGUAGES: Final[tuple[Language, ...]] = ("nl", "en")
COURT = {"needs_court_authorisation": True}
LIGHT = {"contracts": (a_contract(kind="light"),)}


def warned(offer: dict[str, Any], *, due: int = 0, **request: Any) -> dict[str, Text]:
    offers, asked = [an_offer(age_max=30, **offer)], a_request(**request)
    (nl,), (en,) = (said_of(asked, offers, language, today=TODAY, due=due) for language in LANGUAGES)
    return {
        each["code"]: Text(nl=each["detail"], en=other["detail"])
        for each, other in zip(nl["warnings"], en["warnings"], strict=True)
    }


@pytest.mark.parametrize(
    ("offer", "codes"),
    [
        ({}, []),
        ({"capacity": a_report(7)}, []),
        ({"capacity": a_report(8)}, ["figures-old"]),
        ({"capacity": a_report(31)}, ["figures-old", "start-unknown"]),
        ({"capacity": None}, ["start-unknown"]),
        ({"capacity": starting(60)}, []),
        ({"capacity": starting(61)}, ["start-after-norm"]),
        (COURT, ["court-authorisation"]),
        (LIGHT, ["light-contract"]),
        ({**COURT, **LIGHT, "capacity": None}, ["start-unknown", "court-authorisation", "light-contract"]),
    ],
)
def test_which_warnings(offer: dict[str, Any], codes: list[str]) -> None:
    assert list(warned(offer, needed_by=day(60), child=a_child(court_authorisation=True))) == codes


@pytest.mark.parametrize(
    ("birth_month", "start", "code"),
    [
        (YearMonth(2009, 6), 0, None),  # 18 on 1 June 2027, six months after 1 December
        (YearMonth(2009, 5), 0, "turns"),  # 18 on 1 May 2027
        (YearMonth(2009, 6), 8, None),  # 30 November
        (YearMonth(2009, 6), 9, "turns"),  # 1 December, exactly six months before
        (YearMonth(2008, 12), 8, "turns"),
        (YearMonth(2008, 12), 9, "is"),  # starts on the day itself
        (YearMonth(2008, 11), 0, "is"),
        (YearMonth(2005, 1), 0, "is"),
    ],
)
def test_turning_18_around_the_start(birth_month: YearMonth, start: int, code: str | None) -> None:
    told = warned({"capacity": starting(start)}, child=a_child(birth_month=birth_month))

    expected = {"turns": "turns 18", "is": "is already 18"}
    assert list(told) == ["turns-18"] * (code is not None)
    assert code is None or expected[code] in told["turns-18"].en


def test_turning_18_counts_from_today_where_the_start_is_unknown() -> None:
    told = warned({"capacity": None}, child=a_child(birth_month=YearMonth(2009, 5)))

    assert list(told) == ["start-unknown", "turns-18"]


def test_the_sentence_on_turning_18() -> None:
    child = a_child(birth_month=YearMonth(2009, 2))

    assert warned({}, child=child)["turns-18"] == Text(
        nl="Het kind wordt 18 in februari 2027, binnen zes maanden na 22 november 2026 (gerekend wordt vanaf"
        " 1 februari 2027). Jeugdhulp kan onder voorwaarden doorlopen tot 23 jaar (Jeugdwet art. 1.1); regel dat op"
        " tijd met de gemeente.",
        en="The child turns 18 in February 2027, within six months of 22 November 2026 (counted from 1 February"
        " 2027). Youth care can go on until 23 on conditions (Jeugdwet art. 1.1); arrange it with the municipality"
        " in good time.",
    )


@pytest.mark.parametrize(
    ("care_type", "until"),
    [
        ("pleegzorg-voltijd", "21"),
        ("pleegzorg-behandeling", "21"),
        ("crisispleegzorg", "21"),
        ("crisis-gezinshuis", "23"),
    ],
)
def test_foster_care_goes_on_until_another_age(care_type: str, until: str) -> None:
    child, choices = a_child(birth_month=YearMonth(2008, 12)), (Choice("logeren"), Choice(care_type))

    told = warned({"care_type": care_type}, child=child, choices=choices)

    assert list(told) == ["turns-18"]
    assert f"tot {until} jaar" in told["turns-18"].nl
    assert f"until {until}" in told["turns-18"].en


def test_a_distance_that_is_unknown_where_it_matters() -> None:
    within = Choice("gezinshuis", max_distance_km=12.5)
    warning = warned({"location": None}, choices=(within,))["distance-unknown"]

    assert warning.nl == "De afstand is onbekend, en de keus vraagt hoogstens 12,5 km; ga na hoe ver het is."
    assert "distance-unknown" in warned({}, choices=(within,), child=a_child(origin=None))
    assert warned({}, choices=(within,)) == {}
    assert warned({"location": None}) == {}
    assert warned({"location": None, "at_home": True}, choices=(within,)) == {}
    other = (Choice("logeren", max_distance_km=9), Choice("gezinshuis"))
    assert warned({"location": None}, choices=other) == {}


def test_the_sentences_with_values() -> None:
    told = warned({"capacity": starting(70, age=9)}, needed_by=day(60))

    assert told == {
        "figures-old": Text(
            nl="De cijfers zijn 9 dagen oud; vraag de aanbieder of ze nog kloppen.",
            en="The figures are 9 days old; ask the provider whether they still hold.",
        ),
        "start-after-norm": Text(
            nl="De hulp start op 31 januari 2027, ruim 1 week te laat (norm: uiterlijk 21 januari 2027); regel wat"
            " het kind tot dan nodig heeft.",
            en="The help starts on 31 January 2027, more than 1 week late (norm: by 21 January 2027); arrange what"
            " the child needs until then.",
        ),
    }


def test_a_place_that_should_have_come_free() -> None:
    assert warned({}, due=day(-2).toordinal()) == {
        "unconfirmed-place": Text(
            nl="De plek had op 20 november vrij moeten komen; vraag of dat zo is.",
            en="The place should have come free on 20 November; ask whether it has.",
        )
    }


def test_every_warning_has_a_sentence() -> None:
    assert tuple(WARNINGS) == WARNING_CODES
