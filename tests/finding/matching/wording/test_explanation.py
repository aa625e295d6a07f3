from typing import Any, Final

import pytest

from app.domain.language import Language
from app.ranking.model import (
    Capacity,
    Choice,
    Offer,
    Policy,
)
from tests.finding.matching.said import said_of
from tests.ranking.builders import (
    TODAY,
    a_contract,
    a_report,
    a_request,
    an_offer,
    day,
    north,
    starting,
)

LANGUAGES: Final[tuple[Language, ...]] = ("nl", "en")
CHOICES = (Choice("gezinshuis"), Choice("logeren"), Choice("pleegzorg-voltijd"))


def explained(
    *offers: Offer, place: int = 1, needed_by: int = 60, policy: Policy = "timely-first", wishes: str = ""
) -> tuple[str, str]:
    """The sentences for the result at that place, in Dutch and in English."""
    request = a_request(choices=CHOICES, wishes=frozenset(wishes.split()), needed_by=day(needed_by))
    nl, en = (said_of(request, offers, language, today=TODAY, policy=policy) for language in LANGUAGES)
    return nl[place - 1]["explanation"], en[place - 1]["explanation"]


@pytest.mark.parametrize(
    ("needed_by", "better", "worse", "nl", "en"),
    [
        (
            60,
            starting(60),  # on the last day
            starting(94),
            "Boven nr. 2: start op 21 januari 2027, op tijd (norm: uiterlijk 21 januari 2027); nr. 2 start op"
            " 24 februari 2027, ruim 4 weken te laat.",
            "Above no. 2: starts on 21 January 2027, in time (norm: by 21 January 2027); no. 2 starts on"
            " 24 February 2027, more than 4 weeks late.",
        ),
        (
            60,
            starting(61),
            starting(90),
            "Boven nr. 2: start op 22 januari 2027, 1 dag te laat (norm: uiterlijk 21 januari 2027); nr. 2 start"
            " op 20 februari 2027, ruim 4 weken te laat.",
            "Above no. 2: starts on 22 January 2027, 1 day late (norm: by 21 January 2027); no. 2 starts on"
            " 20 February 2027, more than 4 weeks late.",
        ),
        (
            60,
            starting(0),
            None,
            "Boven nr. 2: start op 22 november 2026, op tijd (norm: uiterlijk 21 januari 2027); nr. 2 heeft geen"
            " bekende startdatum, wat telt als 12 weken te laat.",
            "Above no. 2: starts on 22 November 2026, in time (norm: by 21 January 2027); no. 2 has no known"
            " start date, which counts as 12 weeks late.",
        ),
        (
            60,
            None,
            starting(200),
            "Boven nr. 2: heeft geen bekende startdatum, wat telt als 12 weken te laat (norm: uiterlijk"
            " 21 januari 2027); nr. 2 start op 10 juni 2027, 20 weken te laat.",
            "Above no. 2: has no known start date, which counts as 12 weeks late (norm: by 21 January 2027);"
            " no. 2 starts on 10 June 2027, 20 weeks late.",
        ),
        (
            -10,  # the deadline has passed
            starting(7),
            starting(21),
            "Boven nr. 2: start op 29 november 2026, op tijd (de termijn van 12 november 2026 is verstreken, dus"
            " telt hulp die meteen start: uiterlijk 29 november 2026); nr. 2 start op 13 december 2026, 2 weken"
            " na 29 november 2026.",
            "Above no. 2: starts on 29 November 2026, in time (the deadline of 12 November 2026 has passed, so"
            " help at once is what counts: by 29 November 2026); no. 2 starts on 13 December 2026, 2 weeks after"
            " 29 November 2026.",
        ),
    ],
)
def test_delay(needed_by: int, better: Capacity | None, worse: Capacity | None, nl: str, en: str) -> None:
    offers = an_offer("1", capacity=better), an_offer("2", capacity=worse)

    assert explained(*offers, needed_by=needed_by) == (nl, en)


@pytest.mark.parametrize(
    ("better", "worse", "nl", "en"),
    [
        (  # choice
            {},
            {"care_type": "pleegzorg-voltijd"},
            "is de eerste keus; nr. 2 is de derde keus",
            "is the first choice; no. 2 is the third choice",
        ),
        (  # wishes
            {"specialisations": frozenset({"ass", "lvb", "x"})},
            {"specialisations": frozenset({"x", "ass"})},
            "vervult alle wensen; nr. 2 mist 1 wens (Licht verstandelijke beperking)",
            "meets every wish; no. 2 lacks 1 wish (Mild intellectual disability)",
        ),
        (  # a wish without a label is named by its code
            {"specialisations": frozenset({"lvb"})},
            {},
            "mist 2 wensen (Autismespectrum en x); nr. 2 mist 3 wensen (Autismespectrum, Licht verstandelijke beperking"
            " en x)",
            "lacks 2 wishes (Autism spectrum and x); no. 2 lacks 3 wishes (Autism spectrum, Mild intellectual"
            " disability and x)",
        ),
        (  # contract
            {"contracts": (a_contract(kind="supraregional"),)},
            {"contracts": (a_contract(kind="light"),)},
            "heeft een bovenregionaal contract; nr. 2 heeft een licht contract",
            "has a supraregional contract; no. 2 has a light contract",
        ),
        (
            {},
            {"contracts": (a_contract(kind="national"),)},
            "heeft een regionaal contract; nr. 2 heeft een landelijk contract",
            "has a regional contract; no. 2 has a national contract",
        ),
        (  # wait
            {"capacity": starting(0)},
            {"capacity": starting(30)},
            "start vandaag, op 22 november 2026; nr. 2 start over ruim 4 weken, op 22 december 2026",
            "starts today, on 22 November 2026; no. 2 starts in more than 4 weeks, on 22 December 2026",
        ),
        (  # both count as three periods late
            {"capacity": None},
            {"capacity": starting(140)},
            "heeft geen bekende startdatum, wat telt als 12 weken wachten; nr. 2 start over 20 weken, op 11 april 2027",
            "has no known start date, which counts as a wait of 12 weeks; no. 2 starts in 20 weeks, on 11 April 2027",
        ),
        (  # distance
            {"location": north(8.5)},
            {"location": north(9.5)},
            "ligt op 9 km; nr. 2 ligt op 10 km",
            "is 9 km away; no. 2 is 10 km away",
        ),
        (
            {"at_home": True},
            {"location": None},
            "komt bij het kind thuis; nr. 2 ligt op een onbekende afstand",
            "comes to the child's home; no. 2 is at an unknown distance",
        ),
        (
            {"location": north(0)},
            {},
            "ligt vlakbij (0 km); nr. 2 ligt op 10 km",
            "is close by (0 km); no. 2 is 10 km away",
        ),
        (  # start
            {"capacity": starting(1)},
            {"capacity": starting(2)},
            "start op 23 november 2026; nr. 2 start op 24 november 2026",
            "starts on 23 November 2026; no. 2 starts on 24 November 2026",
        ),
        (  # age of the report
            {},
            {"capacity": a_report(1)},
            "heeft cijfers van vandaag; nr. 2 heeft cijfers van 1 dag oud",
            "has figures from today; no. 2 has figures 1 day old",
        ),
        (
            {"capacity": a_report(31)},
            {"capacity": None},
            "heeft cijfers van 31 dagen oud; nr. 2 heeft nog geen cijfers gemeld",
            "has figures 31 days old; no. 2 has not reported figures yet",
        ),
        (  # id
            {},
            {},
            "gelijk op alle punten; volgorde op nummer",
            "equal on every point; in order of number",
        ),
    ],
)
def test_other_factors(better: dict[str, Any], worse: dict[str, Any], nl: str, en: str) -> None:
    sentences = explained(an_offer("1", **better), an_offer("2", **worse), wishes="ass lvb x")

    assert sentences == (f"Boven nr. 2: {nl}.", f"Above no. 2: {en}.")


def test_an_unknown_start_where_the_soonest_goes_first() -> None:
    offers = an_offer("1", capacity=starting(300)), an_offer("2", capacity=None)

    assert explained(*offers, policy="soonest-first") == (
        "Boven nr. 2: start op 18 september 2027; nr. 2 heeft geen bekende startdatum.",
        "Above no. 2: starts on 18 September 2027; no. 2 has no known start date.",
    )


def test_numbers_go_on_down_the_list() -> None:
    offers = [an_offer(id_) for id_ in "abc"]

    assert explained(*offers, place=2)[0] == "Boven nr. 3: gelijk op alle punten; volgorde op nummer."


def test_the_last_and_the_only_one() -> None:
    late = an_offer("2", capacity=starting(67), care_type="logeren")

    assert explained(an_offer("1"), late, place=2) == (
        "Laatste in de lijst: tweede keus, start op 28 januari 2027, 1 week te laat (norm: uiterlijk 21 januari 2027).",
        "Last in the list: second choice, starts on 28 January 2027, 1 week late (norm: by 21 January 2027).",
    )
    assert explained(an_offer("1")) == (
        "Enige in de lijst: eerste keus, start op 22 november 2026, op tijd (norm: uiterlijk 21 januari 2027).",
        "The only one in the list: first choice, starts on 22 November 2026, in time (norm: by 21 January 2027).",
    )
