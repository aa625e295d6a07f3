"""The report of a proposal: what of it is kept from who sees no small counts."""

from itertools import product
from typing import Any

from app.dossiers.proposals.report import COUNTS, without_small_counts


def group(code: str, children: int, placed: int = 0, dimension: str = "municipality") -> dict[str, Any]:
    """A group of children of whom so many have a place and as many a first choice, and nobody is late."""
    counts = {"children": children, "placed": placed, "first_choices": placed, "late": 0, "days_late": 0}
    return {"dimension": dimension, "code": code, **counts}


def told(*groups: dict[str, Any]) -> dict[str, int | None]:
    """How many children of each group are told."""
    return {each["code"]: each["children"] for each in without_small_counts(groups)}


def test_large_groups_are_told() -> None:
    assert told(group("a", 5), group("b", 40)) == {"a": 5, "b": 40}


def test_a_small_group_takes_the_next_smallest_along_so_that_it_does_not_follow_from_the_sum() -> None:
    assert told(group("a", 3), group("b", 9), group("c", 40)) == {"a": None, "b": None, "c": 40}


def test_two_small_groups_that_are_enough_together_take_no_other_along() -> None:
    assert told(group("a", 3), group("b", 4), group("c", 40)) == {"a": None, "b": None, "c": 40}


def test_a_dimension_says_nothing_of_another() -> None:
    assert told(group("a", 9), group("yes", 9, dimension="measure")) == {"a": 9, "yes": 9}


def test_a_count_that_leaves_few_is_not_told() -> None:
    for children, placed in product((5, 8, 12), range(13)):
        if placed > children:
            continue
        [shown] = without_small_counts([group("a", children, placed)])
        is_small = 0 < placed < 5 or 0 < children - placed < 5
        assert shown["placed"] == (None if is_small else placed)
        assert shown["late"] == 0


def test_of_a_group_that_is_not_told_no_count_is() -> None:
    [shown] = without_small_counts([group("a", 3, 3)])
    assert {shown[name] for name in (*COUNTS, "days_late")} == {None}
