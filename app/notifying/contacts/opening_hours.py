"""When a desk can be reached: a list of days with hours, which a person and a phone can both read."""

from itertools import pairwise
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator

from app.domain.language import Text
from app.kit.schemas import Schema, Unique, described, invalid

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)

Hour = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
"""A time of the day, in the Netherlands."""

_ORDER = Text(
    nl="closes ligt niet na opens; wat over middernacht gaat, hoort bij twee dagen.",
    en="closes does not lie after opens; what goes past midnight belongs to two days.",
)
_OVERLAP = Text(nl="Deze uren overlappen elkaar op een dag.", en="These hours overlap on a day.")


class OpeningHours(Schema):
    """Hours on some days of the week; several on one day where the desk closes in between."""

    days: Annotated[list[Weekday], Unique, Field(min_length=1)] = described("On which days.", ["mon", "tue"])
    opens: Hour = described("From when, in Dutch time.", "09:00")
    closes: Hour = described("Until when, in Dutch time; 24:00 is the end of the day.", "17:00")

    @field_validator("closes")
    @classmethod
    def _in_order(cls, closes: str, others: ValidationInfo) -> str:
        if closes <= others.data.get("opens", ""):
            raise invalid("order", _ORDER)
        return closes


def _apart(hours: list[OpeningHours]) -> list[OpeningHours]:
    for day in WEEKDAYS:
        own = sorted((each.opens, each.closes) for each in hours if day in each.days)
        if any(later[0] < earlier[1] for earlier, later in pairwise(own)):
            raise invalid("overlap", _OVERLAP)
    return hours


OpenAt = Annotated[list[OpeningHours], Field(max_length=21), AfterValidator(_apart)]
EXAMPLE: Final[dict[str, Any]] = {"days": ["mon", "tue", "wed", "thu", "fri"], "opens": "09:00", "closes": "17:00"}
