"""What is wrong with a file, by its own lines and columns."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote


class Fault(NamedTuple):
    """One thing wrong: on which line of the file (0: of all of it), in which column or field, and in words."""

    line: int
    where: str
    detail: str

    def text(self, word: str) -> str:
        """As people read it; `word` is what a line is called."""
        place = ", ".join(part for part in (f"{word} {self.line}" if self.line else "", self.where) if part)
        return f"{place}: {self.detail}" if place else self.detail


def faults_of(problem: Mapping[str, Any], line: int) -> list[Fault]:
    """What a problem (RFC 9457) says of one line."""
    errors: Iterable[Mapping[str, Any]] = problem.get("errors", ())
    found = [Fault(line, _field(each["pointer"]), str(each["detail"])) for each in errors]
    return found or [Fault(line, "", str(problem.get("detail", problem.get("title", ""))))]


def _field(pointer: str) -> str:
    """The part of a pointer that names a field: `#/line/4/vrij`, `#/4/placesFree`, `#/requests/4/ageMax`."""
    parts = [unquote(part).replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    if len(parts) > 1 and parts[0] in {"line", "requests", "locations"}:
        parts = parts[1:]
    return ".".join(parts[1:] if parts and parts[0].isdigit() else parts)
