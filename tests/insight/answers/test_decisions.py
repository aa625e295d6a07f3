"""What is told of a period at all: figures by area always, finer ones where there are enough children for that."""

from collections.abc import Iterable

from app.insight.answers.decisions import Counted, Decided, counts_of, decided, dimensions_of
from app.insight.norms.definition import NORMS
from app.reference.lists import reference

_DUE, _IN_TIME, _LATE, _UNFIT = "helpDue", "helpInTime", "helpLate", "notFitting"


def _rows(children: Iterable[tuple[str, str, int]], **counts: int) -> tuple[Counted, ...]:
    """For each municipality and kind of measure so many rows, of an institution and a care type, with these counts."""
    assert dimensions_of(NORMS) == ("municipality", "institution", "kind", "care-type")
    towns = reference().municipalities
    return tuple(
        (
            (
                ("region", towns[town].region),
                *(("municipality", town), ("institution", "one"), ("kind", kind), ("care-type", f"form-{number}")),
            ),
            tuple(counts.get(name, 0) for name in counts_of(NORMS)),
        )
        for town, kind, rows in children
        for number in range(rows)
    )


def _is_told(found: Decided, name: str, **place: str) -> bool:
    return name not in found.withheld({key.replace("_", "-"): value for key, value in place.items()})


HELDER, SCHAGEN = "GM0400", "GM0441"
"""Both in JZ03."""


def test_a_breakdown_with_five_children_a_place_is_told() -> None:
    found = decided(NORMS, _rows([(HELDER, "protection", 3), (SCHAGEN, "protection", 4)], **{_UNFIT: 2}))
    assert _is_told(found, _UNFIT, municipality=HELDER)
    assert _is_told(found, _UNFIT, municipality=SCHAGEN)
    assert not _is_told(found, _UNFIT, care_type="form-0"), "14 children in four places"


def test_a_breakdown_with_fewer_is_not_told_not_even_a_none() -> None:
    found = decided(NORMS, _rows([(HELDER, "protection", 3), (SCHAGEN, "protection", 1)], **{_UNFIT: 2}))
    assert not _is_told(found, _UNFIT, municipality=HELDER), "8 children in two places"
    assert not _is_told(found, _UNFIT, municipality="GM0363"), "where there are none"
    assert _is_told(found, _UNFIT, region="JZ03")
    assert _is_told(found, _UNFIT)


def test_areas_are_told_however_few_there_are_and_small_counts_are_not() -> None:
    found = decided(NORMS, _rows([(HELDER, "protection", 1)], **{_UNFIT: 4}))
    assert not _is_told(found, _UNFIT, region="JZ03")
    assert _is_told(found, _UNFIT, region="JZ06"), "none is told"


def test_counts_that_add_up_to_each_other_are_told_together() -> None:
    counts = {_DUE: 4, _IN_TIME: 3, _LATE: 1, _UNFIT: 9}
    found = decided(NORMS, _rows([(HELDER, "protection", 1), (SCHAGEN, "protection", 1)], **counts))
    assert _is_told(found, _UNFIT, municipality=HELDER)
    for name in (_DUE, _IN_TIME, _LATE):
        assert not _is_told(found, name, municipality=HELDER), "4 children a place"


def test_of_no_children_everything_is_told() -> None:
    found = decided(NORMS, ())
    assert _is_told(found, _UNFIT, region="JZ03", care_type="gezinshuis")
