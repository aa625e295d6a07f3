"""What a proposal comes to for groups of children: by municipality, institution, gender, age, distance and measure.

It is for whoever asks whether a method treats some children worse than others. Small counts are kept from who sees no
small counts in insight either.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal, get_args

import numpy as np

from app.allocation.model import Case, Line
from app.domain.dates import YearMonth, whole_years
from app.dossiers.requests.tables import RequestRow

Dimension = Literal["municipality", "institution", "gender", "age", "distance", "measure"]
DIMENSIONS: Final[tuple[Dimension, ...]] = get_args(Dimension)
FEWEST: Final = 5
"""The smallest count of children that is shown to whoever sees no small ones, as in insight."""
_AGES: Final = ((0, 3), (4, 7), (8, 11), (12, 15), (16, 17))
_DISTANCES: Final = (10, 25, 50, 100)
_UNKNOWN_KM: Final = 9999
COUNTS: Final = ("children", "placed", "first_choices", "late")


def report_of(case: Case, lines: Sequence[Line], rows: Sequence[RequestRow]) -> list[dict[str, Any]]:
    """A row a group: how many children it has, how many get a place, a first choice, or help too late, and how many
    days too late together.

    `rows` are the requests of the children of the case, in its order; `lines` are in any.
    """
    by_child = {line.child: line for line in lines}
    numbers = {each.offer: number for number, each in enumerate(case.places)}
    found: dict[tuple[Dimension, str], dict[str, int]] = defaultdict(
        lambda: dict.fromkeys([*COUNTS, "days_late"], 0),
    )
    for at, row in enumerate(rows):
        line = by_child[case.children[at].id]
        for key in _groups(case, at, line, row, numbers):
            group = found[key]
            group["children"] += 1
            group["placed"] += line.offer is not None
            group["first_choices"] += line.choice == 1
            group["late"] += line.days_late > 0
            group["days_late"] += line.days_late
    order = sorted(found, key=lambda key: (DIMENSIONS.index(key[0]), key[1]))
    return [{"dimension": key[0], "code": key[1], **found[key]} for key in order]


def _groups(
    case: Case, at: int, line: Line, row: RequestRow, numbers: Mapping[str, int]
) -> Iterable[tuple[Dimension, str]]:
    yield "municipality", row.municipality_code
    yield "institution", str(row.organisation_id)
    yield "gender", row.gender
    yield "age", _age(YearMonth.parse(row.birth_month), case.today)
    if line.offer is not None:
        yield "distance", _distance(case, at, numbers[line.offer])
    yield "measure", "yes" if case.children[at].measure else "no"


def _age(birth_month: YearMonth, today: date) -> str:
    age = whole_years(birth_month, today)
    return next((f"{youngest:02}-{oldest:02}" for youngest, oldest in _AGES if age <= oldest), "18-")


def _distance(case: Case, at: int, offer: int) -> str:
    """The distance to the offer, in km up to a round number."""
    own = case.candidates[case.first[at] : case.first[at + 1]]
    km = int(own["distance"][np.flatnonzero(own["offer"] == offer)[0]])
    if km == _UNKNOWN_KM:
        return "unknown"
    return next((f"-{most:03}" for most in _DISTANCES if km <= most), f"{_DISTANCES[-1]:03}-")


def without_small_counts(report: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The report without counts of fewer than five children, and without what they would follow from.

    A group of fewer than five is not told. All children together are known, so where what is not told of a dimension is
    together fewer than five, or one group alone, the next smallest is not told either. In a group that is told a count
    is not where it, or what it leaves of the group, is from one to four.
    """
    shown = []
    for dimension in DIMENSIONS:
        rows = [row for row in report if row["dimension"] == dimension]
        hidden = _hidden(rows)
        shown += [_told(row, hidden=row["code"] in hidden) for row in rows]
    return shown


def _hidden(rows: Sequence[Mapping[str, Any]]) -> set[str]:
    by_size = sorted(rows, key=lambda row: (row["children"], row["code"]))
    hidden = [row for row in by_size if row["children"] < FEWEST]
    rest = by_size[len(hidden) :]
    while hidden and rest and (len(hidden) == 1 or sum(row["children"] for row in hidden) < FEWEST):
        hidden.append(rest.pop(0))
    return {row["code"] for row in hidden}


def _told(row: Mapping[str, Any], *, hidden: bool) -> dict[str, Any]:
    told = dict(row)
    small = [name for name in COUNTS if 0 < row[name] < FEWEST or 0 < row["children"] - row[name] < FEWEST]
    for name in COUNTS if hidden else small:
        told[name] = None
    if hidden or "late" in small:
        told["days_late"] = None
    return told
