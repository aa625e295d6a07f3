"""The manner of every schema: camelCase outside, no unknown fields, no free text that could hold a BSN."""

import re
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    Strict,
    StringConstraints,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic.warnings import UnsupportedFieldAttributeWarning
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.domain.bsn import find_bsn
from app.domain.language import Text

T = TypeVar("T")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_REQUIRED_HERE = Text(nl="Dit veld is hier verplicht.", en="This field is required here.")
_NOT_HERE = Text(nl="Dit veld hoort hier niet.", en="This field does not belong here.")
OFFSET = r"(?:Z|(?!-00:00)[+-]\d\d:\d\d)"
"""How an offset from UTC is written: not as -00:00, which says that it is not known (RFC 3339, 4.3)."""
_TIME = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d(:\d\d([.]\d+)?)?{OFFSET}?", re.ASCII)


warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)
# FastAPI reads each query key with an adapter of its own, to which the name of the field means nothing. It keeps that
# warning to itself where it makes the adapter at once, and not where that is put off (defer_build).


class Schema(BaseModel):
    """Base of every body, query and answer: camelCase names, unknown ones refused, immutable.

    What it takes to read and write one is made when that is first done (`defer_build`): there are hundreds, and a
    process uses few.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_alias=True,
        serialize_by_alias=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        defer_build=True,
    )

    def values(self, **options: Any) -> dict[str, Any]:
        """The fields by their Python names, for use inside; `options` are those of `model_dump`."""
        return self.model_dump(by_alias=False, **options)


class Answer(Schema):
    """Base of what goes out: made from rows and by Python names as well."""

    model_config = ConfigDict(validate_by_name=True, from_attributes=True)


def invalid(code: str, detail: Text, *, field: str | None = None) -> PydanticCustomError:
    """The error that a validator raises: `code` for machines, `detail` in both languages for people.

    `field` is the field's name outside, where it can be left out: pydantic names a default by its name in Python.
    """
    context = {"code": code, "nl": detail.nl, "en": detail.en} | ({"field": field} if field else {})
    return PydanticCustomError("domain_error", "{en}", context)


def check_applies(schema: type[Schema], value: object, info: ValidationInfo, *, applies: bool) -> None:
    """Refuses a field that is missing where it applies, or given where it does not; for a validator of a default."""
    if applies != (value is None):
        return
    code, text = ("missing", _REQUIRED_HERE) if applies else ("not-applicable", _NOT_HERE)
    raise invalid(code, text, field=schema.model_fields[str(info.field_name)].alias)


def _refuse_null(value: object) -> object:
    if value is None:
        text = Text(nl="Dit veld kan niet leeg zijn; laat het weg.", en="This field cannot be null; leave it out.")
        raise invalid("null", text)
    return value


class _NotNull:
    """Refuses null where a field can be left out: in a PATCH, of what a thing always has. None means "left out"."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_refuse_null, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        shown = handler(schema)
        options = [option for option in shown.pop("anyOf") if option != {"type": "null"}]
        return {**shown, **options[0]} if len(options) == 1 else {**shown, "anyOf": options}


NotNull = _NotNull()


def described(description: str, *examples: Any, **constraints: Any) -> Any:
    """A required field with what every field has: a description and an example."""
    return Field(description=description, examples=list(examples), **constraints)


def defaulted(default: Any, description: str, *examples: Any, **constraints: Any) -> Any:
    """As `described`, of a field that may be left out and then is `default`."""
    return Field(default=default, description=description, examples=list(examples), **constraints)


class Change(Answer):
    """What is different."""

    field: str = described("The field.", "municipality")
    old: Any = Field(description="What it was.", examples=["GM0400"])
    new: Any = Field(description="What it became.", examples=["GM0361"])


def check_bsn(text: str, *, eight: bool = False) -> str:
    """The text, which is refused where it holds what looks like a BSN; `eight` as of `find_bsn`."""
    if find_bsn(text, eight=eight) is not None:
        raise invalid(
            "bsn",
            Text(
                nl="Hier staat een getal dat een BSN kan zijn; haal het weg. De dienst bewaart niets over een kind.",
                en="This holds a number that may be a BSN; take it out. The service keeps nothing about a child.",
            ),
        )
    return text


def _storable(text: str) -> str:
    if _UNSTORABLE.search(text):
        raise invalid(
            "control-character",
            Text(
                nl="De tekst bevat een teken dat niet te bewaren is (een nulteken of een halve surrogaat).",
                en="The text holds a character that cannot be kept (a null or half a surrogate pair).",
            ),
        )
    return text


STORABLE = AfterValidator(_storable)
NoBsn = AfterValidator(check_bsn)
NoBsnOfEight = AfterValidator(partial(check_bsn, eight=True))
FreeText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), STORABLE, NoBsnOfEight]
"""Text that people write; refused where it holds what looks like a BSN."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), STORABLE, NoBsn]
"""A name of an organisation, a place or an offer; never of a person."""

CodeText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20), STORABLE, NoBsn]
"""A short code of a list that is not ours."""


def _whole(value: object) -> object:
    """3.0 is the whole number that it says (JSON has one kind of number)."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, Strict(), BeforeValidator(_whole)]
Number = Annotated[float, Strict()]
YesNo = Annotated[bool, Strict()]
"""In a body a number is a number: neither text nor true becomes one."""

Words = Annotated[str, Field(min_length=1, max_length=200), STORABLE, NoBsn]
"""Words to search for."""

Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$"), NoBsn]
"""A provider's own key of a location or an offer, in characters that stand in a URL as they are."""


def parsed(parse: Callable[[str], T]) -> BeforeValidator:
    """A validator that turns text into a value object; its error becomes one of ours."""

    def check(value: object) -> object:
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "Input should be a valid string")
        try:
            return parse(value)
        except ValueError as error:
            text = getattr(error, "text", Text(nl=str(error), en=str(error)))
            raise invalid(getattr(error, "code", "invalid"), text) from error

    return BeforeValidator(check)


def _iso_date(value: object) -> object:
    """A date is a date: no time, no number of seconds."""
    if isinstance(value, datetime) or not isinstance(value, str | date):
        raise PydanticCustomError("date_type", "Input should be a date, such as 2026-11-22")
    if isinstance(value, str) and not _DATE.fullmatch(value):
        raise PydanticCustomError("date_type", "Input should be a date, such as 2026-11-22")
    return value


def _iso_time(value: object) -> object:
    """RFC 3339 as the NL API Design Rules have it (/core/date-time/format): no number of seconds, which pydantic would
    read, T and Z in capitals, no space, and no -00:00, which says that the offset is not known."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        text = Text(
            nl="Hier hoort een tijdstip met tijdzone, zoals 2026-11-22T09:00:00+01:00: T en Z als hoofdletter, zonder "
            "spatie, en geen -00:00.",
            en="A time with its offset, such as 2026-11-22T09:00:00+01:00: T and Z in capitals, no space, no -00:00.",
        )
        raise invalid("format", text)
    return value


Day = Annotated[date, BeforeValidator(_iso_date)]
"""A date (RFC 3339 full-date)."""


def _countable(day: date) -> date:
    if not 1900 <= day.year <= 2999:
        raise invalid("out-of-range", Text(nl="Een jaar van 1900 tot 3000.", en="A year from 1900 to 3000."))
    return day


NormDay = Annotated[Day, AfterValidator(_countable)]
"""A date that is counted from: months before and after it stay within the calendar."""


def _to_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise PydanticCustomError("timezone_aware", "Input should be a time from the year 1 to 9999 in UTC") from error


def plain_number(number: float) -> float:
    """The number without a fraction where it is whole, as JSON and people write it: 3 and 1.5."""
    return int(number) if float(number).is_integer() else number


def write_time(value: datetime) -> str:
    """RFC 3339 in UTC, with the fraction only where there is one."""
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat().replace("+00:00", "Z")


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_iso_time),
    AfterValidator(_to_utc),
    PlainSerializer(write_time, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A time (RFC 3339 date-time): any offset in, UTC out."""

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


def read_moment(text: str) -> datetime:
    """The time that a text says, in UTC, as `Moment` reads it everywhere; ValueError where that does not."""
    return _MOMENT.validate_python(text)


def unique(values: list[T]) -> list[T]:
    """Refuses a list that says the same thing twice."""
    if len(set(map(repr, values))) != len(values):
        raise invalid(
            "repeated", Text(nl="Een waarde staat er meer dan eens in.", en="A value is listed more than once.")
        )
    return values


class _Unique:
    """Marks a list in which nothing stands twice, and says so in the schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(unique, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "uniqueItems": True}


Unique = _Unique()
