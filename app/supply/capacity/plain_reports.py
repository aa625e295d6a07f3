"""A whole report that is plainly good, read in one pass (`kit.plain_json`); every other is for `CapacityIn`."""

from datetime import date
from typing import Annotated, Final

from msgspec import UNSET, Meta, UnsetType
from msgspec.json import Decoder

from app.kit.plain_json import Plain, read_plain
from app.supply.capacity.figures import UNKNOWN
from app.supply.capacity.schemas import WholeReport

_Places = Annotated[int, Meta(ge=0, le=100_000)]
_Days = Annotated[int, Meta(ge=0, le=3_650)]
_Note = Annotated[str, Meta(min_length=1, max_length=2_000, pattern=r"^[A-Za-z]+(?: [A-Za-z]+)*[.!]?\Z")]
"""Words alone: what else a text may hold, such as a number that may be a BSN, is for the schema to look at."""
_YEARS: Final = range(1900, 3000)


class _Report(Plain, frozen=True):
    """As `CapacityIn`, of now, with places that are whole."""

    places_free: _Places
    places_total: _Places | UnsetType | None = UNSET
    places_occupied: _Places | UnsetType | None = UNSET
    places_reserved: _Places | UnsetType | None = UNSET
    waiting_count: _Places | UnsetType | None = UNSET
    next_free_on: date | UnsetType | None = UNSET
    wait_days_intake: _Days | UnsetType | None = UNSET
    wait_days_treatment: _Days | UnsetType | None = UNSET
    accepts_referrals: bool | UnsetType = UNSET
    note: _Note | UnsetType | None = UNSET


_DECODER: Final = Decoder(_Report)


def read_report(raw: bytes) -> WholeReport | None:
    """The report that a body is; None where it is not plainly good."""
    body = read_plain(_DECODER, raw)
    if body is None:
        return None
    named = {name: value for name in UNKNOWN if (value := getattr(body, name)) is not UNSET}
    day = named.get("next_free_on")
    if day is not None and day.year not in _YEARS:
        return None
    return WholeReport({**UNKNOWN, **named}, None, frozenset(named))
