"""What one change would do, for siblings too."""

from dataclasses import replace

import pytest

from app.allocation.model import Candidate, Case, Effect, Method
from app.allocation.propose import propose
from app.ranking.model import Need
from tests.allocation.cases import candidate, case_of, child


def effects(case: Case, method: Method = "least-lateness") -> list[Effect]:
    return list(propose(replace(case, method=method, changes=5)).effects)


def needing(offer: str, needs: Need | None) -> Candidate:
    return candidate(offer)._replace(needs=needs)


@pytest.mark.parametrize("method", ["stable", "least-lateness"])
@pytest.mark.parametrize(
    ("own", "change", "who"),
    [
        (("light-contract", "light-contract"), "contract", None),
        ((None, "light-contract"), "contract", None),
        ((None, "longer-distance"), "exception", "k1"),
        (("longer-distance", None), "exception", "k0"),
    ],
)
def test_what_would_let_a_family_in_is_among_the_changes(
    own: tuple[Need | None, ...], change: str, who: str | None, method: Method
) -> None:
    lists = {child(f"k{at}", group="g1"): [needing("o0", each)] for at, each in enumerate(own)}
    [effect] = effects(case_of(lists, {"o0": 2}), method)
    assert (effect.change, effect.offer, effect.child, effect.placed) == (change, "o0", who, 2)


def test_what_takes_two_exceptions_is_no_change() -> None:
    lists = {child(f"k{at}", group="g1"): [needing("o0", "longer-distance")] for at in range(2)}
    assert effects(case_of(lists, {"o0": 2})) == []


def test_what_is_full_is_not_tried_in_the_place_of_what_has_room() -> None:
    full = {f"full{at}": 0 for at in range(9)}
    own = [needing(offer, "light-contract") for offer in (*full, "room")]
    case = case_of({child("k0"): own}, {**full, "room": 1})
    [effect] = propose(replace(case, changes=1)).effects
    assert (effect.change, effect.offer, effect.placed) == ("contract", "room", 1)
