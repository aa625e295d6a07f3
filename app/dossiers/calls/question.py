"""What of a request goes into a call: enough to know whether one could help, too little to know who the child is."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from app.domain.dates import whole_years
from app.dossiers.calls.schemas import CallIn
from app.dossiers.requests.tables import RequestRow
from app.ranking.derived_dates import Norm
from app.ranking.model import Request
from app.reference.lists import reference

AGE_BANDS: Final[tuple[tuple[int, int | None], ...]] = ((0, 3), (4, 7), (8, 11), (12, 15), (16, 17), (18, None))
"""Whole years, both inclusive: before school, the lower and upper half of primary school, secondary school, the years
from which a young person can live alone with support, and extended help. An exact age would tell more than is needed.
"""


def question_of(row: RequestRow, request: Request, body: CallIn, today: date, on: date) -> dict[str, Any]:
    """The columns of the call that say what is asked; `request` is the row as the ranking sees it."""
    care_types = care_types_of(row, body)
    age_min, age_max = age_band(whole_years(request.child.birth_month, on))
    return {
        "care_types": care_types,
        "age_min": age_min,
        "age_max": age_max,
        "gender": row.gender,
        "municipality_code": row.municipality_code,
        "region_code": request.child.region,
        "has_measure": request.child.binding_measure is not None,
        "court_authorisation": row.is_authorised_on(today) if _need_authorisation(care_types) else None,
        "needs": row.needs if body.needs is None else body.needs,
        "wishes": row.wishes if body.wishes is None else body.wishes,
        "characteristics": row.characteristics if body.characteristics is None else body.characteristics,
        "wished_start": body.wished_start,
        "deadline": Norm.of(request, today).deadline,
        "places": request.places,
        "hours_per_week": body.hours_per_week,
        "remark": body.remark,
    }


def care_types_of(row: RequestRow, body: CallIn) -> list[str]:
    """The care types that are asked for: those of the choices, in their order, unless said."""
    return body.care_types or list(dict.fromkeys(each["careType"] for each in row.choices))


def age_band(age: int) -> tuple[int, int | None]:
    """The youngest and the oldest age of the band that an age is in; None for no oldest."""
    return next(band for band in reversed(AGE_BANDS) if age >= band[0])


def _need_authorisation(care_types: Sequence[str]) -> bool:
    """Whether it matters that a judge has authorised secure care; of other help nobody need know."""
    return any(reference().care_types[each].needs_court_authorisation for each in care_types)
