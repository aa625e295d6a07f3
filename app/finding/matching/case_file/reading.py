"""Reading a JSON value strictly, with the path of whatever is wrong in it."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from app.domain.dates import YearMonth

Read = TypeVar("Read")
Code = TypeVar("Code", bound=str)
Day = TypeVar("Day", bound=date)

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
)
_YEARS = (1900, 2999)


class CaseError(ValueError):
    """A case that cannot be read. `path` is the JSON Pointer (RFC 6901) of what is wrong."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path or '/'}: {problem}")
        self.path = path
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Value:
    """A JSON value and where it stands. A field that is left out reads as null."""

    raw: object
    path: str = ""

    def error(self, problem: str) -> CaseError:
        """The error that this value gives."""
        return CaseError(self.path, "is required" if self.raw is None else problem)

    def fields(self, *names: str) -> dict[str, "Value"]:
        """The values of the named fields, by name, of an object that has no others."""
        if not isinstance(self.raw, dict):
            raise self.error("must be an object")
        for name in self.raw:
            if name not in names:
                raise CaseError(f"{self.path}/{_escaped(str(name))}", "is not a known field")
        return {name: Value(self.raw.get(name), f"{self.path}/{name}") for name in names}

    def optional(self, read: Callable[["Value"], Read]) -> Read | None:
        """What `read` makes of it, or None where it is null."""
        return None if self.raw is None else read(self)

    def items(self) -> Iterator["Value"]:
        """The values of an array; none where it is null."""
        if self.raw is None:
            return
        if not isinstance(self.raw, list):
            raise self.error("must be an array")
        for index, item in enumerate(self.raw):
            yield Value(item, f"{self.path}/{index}")

    def codes(self) -> frozenset[str]:
        """The texts of an array, each once."""
        return frozenset([item.text() for item in self.items()])

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.raw, str) or not self.raw:
            raise self.error("must be a text")
        return self.raw

    def one_of(self, codes: tuple[Code, ...]) -> Code:
        """One of the codes."""
        for code in codes:
            if code == self.raw:
                return code
        raise self.error(f"must be one of {', '.join(codes)}")

    def flag(self) -> bool:
        """True or false; false where it is null."""
        if self.raw is None:
            return False
        if not isinstance(self.raw, bool):
            raise self.error("must be true or false")
        return self.raw

    def whole(self, least: int = 0, most: int = 100_000) -> int:
        """A whole number between the bounds."""
        if isinstance(self.raw, bool) or not isinstance(self.raw, int) or not least <= self.raw <= most:
            raise self.error(f"must be a whole number from {least} to {most}")
        return self.raw

    def number(self, least: float, most: float = math.inf) -> float:
        """A finite number between the bounds."""
        if isinstance(self.raw, bool) or not isinstance(self.raw, int | float):
            raise self.error("must be a number")
        if not math.isfinite(self.raw) or not least <= self.raw <= most:
            raise self.error("is out of range")
        return float(self.raw)

    def day(self) -> date:
        """A date, "YYYY-MM-DD"."""
        problem = "must be a date (YYYY-MM-DD)"
        text = self._shaped(_DAY, problem)
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.error(problem) from None

    def recent_day(self) -> date:
        """A date to count from; its year keeps what is counted within the calendar."""
        return self._recent(self.day())

    def month(self) -> YearMonth:
        """A month, "YYYY-MM"."""
        try:
            return YearMonth.parse(self.text())
        except ValueError:
            raise self.error("must be a month (YYYY-MM)") from None

    def moment(self) -> datetime:
        """A date and time with an offset (RFC 3339)."""
        problem = "must be a date and time with an offset (RFC 3339)"
        text = self._shaped(_MOMENT, problem)
        try:
            moment = datetime.fromisoformat(text.upper())
        except ValueError:
            raise self.error(problem) from None
        return self._recent(moment)

    def _shaped(self, shape: re.Pattern[str], problem: str) -> str:
        if shape.fullmatch(self.text()) is None:
            raise self.error(problem)
        return self.text()

    def _recent(self, day: Day) -> Day:
        if not _YEARS[0] <= day.year <= _YEARS[1]:
            raise self.error(f"must be in the years {_YEARS[0]} to {_YEARS[1]}")
        return day


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
