"""What is said to a child without a place: the one change that would help it, or why none would."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.allocation.model import Beyond, Candidate, Case, Child, Helps, KeptOut, Line, Places
from app.allocation.propose import propose
from app.ranking.model import REASONS
from tests.allocation.cases import HORIZON, candidate, case_of, child

LATER = HORIZON + timedelta(10)


def without(case: Case) -> list[Line]:
    return [line for line in propose(case).lines if line.offer is None]


def helped(lone: Child, *own: Candidate, places: int = 0) -> Helps | None:
    [line] = without(case_of({lone: own}, {"o0": places, "o1": 1}))
    return line.helps


def beyond(starts_on: date | None, needs: str | None) -> Child:
    return replace(child("k0"), beyond=Beyond("o9", starts_on, needs))  # type: ignore[arg-type]  # as drawn


@pytest.mark.parametrize(
    ("starts_on", "needs", "change", "said"),
    [
        (LATER, None, "place", "Een plek vóór 5 april 2027 bij o9: nu kan de hulp daar pas op 15 april 2027 beginnen."),
        (
            None,
            None,
            "report",
            "Een nieuwe opgave van o9: het past, maar wanneer de hulp daar kan beginnen, is niet bekend.",
        ),
        (LATER, "light-contract", "contract", "Een contract met o9. De hulp kan daar op 15 april 2027 beginnen."),
        (None, "ask-again", "exception", "Opnieuw vragen bij o9. Wanneer de hulp daar kan beginnen, is niet bekend."),
    ],
)
def test_what_starts_later_or_nobody_knows_when_helps_too(
    starts_on: date | None, needs: str | None, change: str, said: str
) -> None:
    found = helped(beyond(starts_on, needs))
    assert found is not None
    assert (found.change, found.offer, found.needs, found.text.nl) == (change, "o9", needs, said)


def test_of_what_could_be_arranged_that_with_a_place_goes_first() -> None:
    own = [candidate(offer)._replace(needs="longer-distance") for offer in ("o0", "o1")]
    found = helped(child("k0"), *own)
    assert found is not None
    assert (found.change, found.offer) == ("exception", "o1")


@pytest.mark.parametrize("reason", REASONS)
def test_where_nothing_would_help_what_keeps_most_out_is_said(reason: str) -> None:
    lone = replace(child("k0"), kept_out=KeptOut(12, reason, 9))  # type: ignore[arg-type]  # one of REASONS
    [line] = without(case_of({lone: []}, {"o0": 1}))
    assert line.helps is None
    assert line.reason.nl.startswith("Er past geen aanbod bij dit kind, en één verandering is bij geen ervan genoeg.")
    assert "Wat het vaakst in de weg staat: " in line.reason.nl
    assert line.reason.nl.endswith(" (9 van 12).")
    assert line.reason.en.endswith(" (9 of 12).")


def test_where_nothing_is_given_that_is_said() -> None:
    [line] = without(case_of({replace(child("k0"), kept_out=KeptOut(0, None, 0)): []}, {"o0": 1}))
    assert (line.helps, line.reason.en.startswith("Of the care types that were chosen no offer is given")) == (
        None,
        True,
    )


# --- siblings ---


def siblings(*needs: str | None) -> Case:
    """A family of which each child would need this at the one offer with places; None where it fits."""
    lists = {
        child(f"k{at}", group="g1"): [candidate("o0")._replace(needs=each)]  # type: ignore[arg-type]  # as given
        for at, each in enumerate(needs)
    }
    return case_of(lists, {"o0": 5})


@pytest.mark.parametrize(
    ("needs", "change"),
    [
        (("light-contract", "light-contract"), "contract"),
        ((None, "light-contract"), "contract"),
        ((None, "longer-distance"), "exception"),
        ((None, None, "provider-consent"), "exception"),
    ],
)
def test_siblings_are_helped_by_one_thing_that_lets_all_of_them_in(needs: tuple[str | None, ...], change: str) -> None:
    found = without(siblings(*needs))
    assert [(line.helps and line.helps.change, line.helps and line.helps.offer) for line in found] == [
        (change, "o0") for _ in needs
    ]


@pytest.mark.parametrize("needs", [("longer-distance", "longer-distance"), ("light-contract", "longer-distance")])
def test_where_siblings_need_two_things_it_is_said_that_one_is_not_enough(needs: tuple[str, ...]) -> None:
    for line in without(siblings(*needs)):
        assert line.helps is None
        assert line.reason.nl.endswith("Ook één verandering is bij geen ervan genoeg voor alle kinderen.")


def test_siblings_with_the_same_offer_later_are_helped_there() -> None:
    lists: dict[Child, list[Candidate]] = {
        replace(child(f"k{at}", group="g1"), beyond=Beyond("o9", LATER, None)): [] for at in range(2)
    }
    found = without(case_of(lists, {"o0": 1}))
    assert {line.helps and (line.helps.change, line.helps.places) for line in found} == {("place", 2)}


def crowded(places: int, size: int = 2, ahead: int = 1) -> Case:
    """A family of `size`, behind as many children as `ahead` and before one more; all want the one offer."""
    lists = {child(f"a{at}", over=20): [candidate("o0")] for at in range(ahead)}
    lists |= {child(f"k{at}", over=10, group="g1"): [candidate("o0")] for at in range(size)}
    return case_of(lists | {child("z"): [candidate("o0")]}, {"o0": places}, "stable")


@pytest.mark.parametrize(
    ("case", "places", "helps", "reason"),
    [
        (crowded(2), 1, "Een plek erbij voor dit gezin bij o0.", "zijn 2 plekken bij elkaar over, na kinderen die"),
        (crowded(2, size=3), 2, "2 plekken erbij voor dit gezin bij o0.", "heeft binnen de termijn 3 plekken bij"),
        (crowded(2, ahead=2), 2, "2 plekken erbij voor dit gezin bij o0.", "zijn 2 plekken bij elkaar over, na kinde"),
    ],
)
def test_a_family_is_told_what_it_lacks_besides_what_goes_to_children_behind_it(
    case: Case, places: int, helps: str, reason: str
) -> None:
    lines = [line for line in without(case) if line.child.startswith("k")]
    assert {line.helps and (line.helps.places, line.helps.text.nl) for line in lines} == {(places, helps)}
    assert all(reason in line.reason.nl for line in lines)
    more = replace(case, places=(Places("o0", case.places[0].places + places),))
    assert not [line for line in without(more) if line.child.startswith("k")]


def test_where_what_fits_never_had_a_place_nobody_is_said_to_go_first() -> None:
    [line] = without(case_of({child("k0"): [candidate("o0")]}, {"o0": 0}, "stable"))
    assert line.reason.nl == "Al het aanbod dat past heeft binnen de termijn geen plek."
