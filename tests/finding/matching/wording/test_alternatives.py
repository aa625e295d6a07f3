from typing import Any

import pytest

from app.domain.language import Language, Text
from app.finding.matching.wording.alternatives import what_to_arrange
from app.ranking.model import REASONS, Choice, Decline
from app.ranking.reason_labels import REASON_LABELS
from tests.ranking.builders import (
    TODAY,
    a_contract,
    a_report,
    a_request,
    an_offer,
    day,
    north,
    outcome_of,
    starting,
)

LANGUAGES: tuple[Language, ...] = ("nl", "en")


def arranged(offer: dict[str, Any], **request: Any) -> Text:
    (alternative,) = outcome_of(an_offer(**offer), **request).alternatives
    nl, en = [
        what_to_arrange(
            alternative,
            a_request(**request),
            language,
            today=TODAY,
            provider="De {Haven}",
            municipality="Alkmaar",
            region="Noord",
            decline_reasons={"no-place": Text(nl="Geen plek", en="No place")},
        )
        for language in LANGUAGES
    ]
    return Text(nl=nl, en=en)


@pytest.mark.parametrize(
    ("offer", "nl", "en"),
    [
        (
            {"contracts": (), "capacity": starting(1)},
            "Er is op 23 november 2026 geen contract met De {Haven} dat voor het kind geldt: regel een licht"
            " contract met gemeente Alkmaar.",
            "There is no contract with De {Haven} on 23 November 2026 that covers the child: arrange a light"
            " contract with municipality Alkmaar.",
        ),
        (
            {"contracts": (a_contract(ceiling_reached=True),)},
            "Het budgetplafond van het contract met De {Haven} is bereikt: vraag regio Noord of gemeente Alkmaar,"
            " wie van de twee het contract heeft, om een uitzondering.",
            "The budget ceiling of the contract with De {Haven} has been reached: ask region Noord or municipality"
            " Alkmaar, whichever holds the contract, for an exception.",
        ),
        (
            {"service_area": frozenset()},
            "Gemeente Alkmaar valt buiten het werkgebied van De {Haven}: vraag De {Haven} of het voor dit kind toch"
            " kan.",
            "Municipality Alkmaar lies outside the service area of De {Haven}: ask De {Haven} to make an exception"
            " for this child.",
        ),
        (
            {"age_min": 13},
            "Het kind is op 22 november 2026 12 jaar en het aanbod is er vanaf 13 jaar: vraag De {Haven} of het"
            " voor dit kind toch kan.",
            "On 22 November 2026 the child is 12 years old and the offer is from 13 years: ask De {Haven} to make"
            " an exception for this child.",
        ),
        (
            {"age_max": 11},
            "Het kind is op 22 november 2026 12 jaar en het aanbod is er tot en met 11 jaar: vraag De {Haven} of"
            " het voor dit kind toch kan.",
            "On 22 November 2026 the child is 12 years old and the offer is up to and including 11 years: ask De"
            " {Haven} to make an exception for this child.",
        ),
    ],
)
def test_whom_to_ask_for_what(offer: dict[str, Any], nl: str, en: str) -> None:
    assert arranged(offer) == Text(nl=nl, en=en)


DECLINED_FOR_GOOD = Decline("a", day(-7), "x-1")
DECLINED_FOR_ROOM = Decline("a", day(-2), "no-place")


@pytest.mark.parametrize(
    "declines",
    [
        (DECLINED_FOR_GOOD,),
        (Decline("a", day(-20), "x-1"), DECLINED_FOR_GOOD),  # the last one
        (DECLINED_FOR_GOOD, DECLINED_FOR_ROOM),  # new figures would not be enough
    ],
)
def test_who_refused_when_and_why(declines: tuple[Decline, ...]) -> None:
    assert arranged({"capacity": a_report(2)}, declines=declines) == Text(
        nl="De {Haven} weigerde dit kind op 15 november 2026 (x-1): vraag opnieuw of het nu wel kan, en zeg wat er"
        " sindsdien anders is; vanaf 13 december 2026 telt deze weigering niet meer mee.",
        en="De {Haven} refused this child on 15 November 2026 (x-1): ask again whether it is possible now, and say"
        " what has changed since; from 13 December 2026 on this refusal no longer counts.",
    )


@pytest.mark.parametrize("lapsed", [Decline("a", day(-28), "x-1"), Decline("b", day(-1), "x-1")])
def test_a_refusal_for_want_of_room(lapsed: Decline) -> None:
    assert arranged({"capacity": a_report(2)}, declines=(lapsed, DECLINED_FOR_ROOM)) == Text(
        nl="De {Haven} weigerde dit kind op 20 november 2026 (geen plek) en heeft sindsdien geen nieuwe cijfers"
        " gemeld: vraag of er nu wel plek is.",
        en="De {Haven} refused this child on 20 November 2026 (no place) and has reported no new figures since: ask"
        " whether there is room now.",
    )


@pytest.mark.parametrize(
    ("km", "most", "distance", "beyond", "asked"),
    [
        (42.345, 30, "42,4", "12,4", "30"),
        (30.01, 30, "30,1", "0,1", "30"),  # never "0 km beyond"
        (20.7, 12.25, "20,8", "8,5", "12,25"),
    ],
)
def test_how_much_farther(km: float, most: float, distance: str, beyond: str, asked: str) -> None:
    text = arranged({"location": north(km)}, choices=(Choice("gezinshuis", max_distance_km=most),))

    nl = f"Het ligt op {distance} km, {beyond} km verder dan de gevraagde {asked} km"
    en = "It is {} km away, {} km beyond the {} km asked for".format(
        *[number.replace(",", ".") for number in (distance, beyond, asked)]
    )
    assert text == Text(
        nl=f"{nl}: bespreek met het kind en het gezin of dat kan.",
        en=f"{en}: discuss with the child and the family whether that is possible.",
    )


def test_every_reason_has_a_label() -> None:
    assert tuple(REASON_LABELS) == REASONS
