"""What was done to something that a region or supraregion keeps, as the pages show it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.dates import dutch_day
from app.insight.keeping.schemas import HistoryEntryOut
from app.kit.schemas import Change, read_moment
from app.web.shell.words import NOTHING, day

Write = Callable[[Any], str]

_DONE: Final = {"added": "toegevoegd", "changed": "gewijzigd", "withdrawn": "ingetrokken"}
_OF_ALL: Final[Mapping[str, tuple[str, Write]]] = {
    "withdrawnAt": ("ingetrokken op", lambda moment: day(dutch_day(read_moment(moment)))),
    "why": ("waarom ingetrokken", str),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a history."""

    on: str
    what: str
    by: str
    changes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Wording:
    """The fields of something that is kept, by their names in the API: what each is called, and how its value reads."""

    fields: Mapping[str, tuple[str, Write]]

    def changes(self, changes: Iterable[Change]) -> list[str]:
        """Each change as "licht: groen → rood"."""
        return [self._change(each) for each in changes]

    def history(self, entries: Iterable[HistoryEntryOut]) -> list[Entry]:
        """A history, the last change first; what it began with is no change."""
        found = [
            Entry(
                day(dutch_day(each.at)),
                _DONE[each.what],
                each.client_id,
                [] if each.what == "added" else self.changes(each.changes),
            )
            for each in entries
        ]
        return found[::-1]

    def _change(self, change: Change) -> str:
        name, write = {**_OF_ALL, **self.fields}.get(change.field, (change.field, str))
        old, new = (NOTHING if value is None or value == [] else write(value) for value in (change.old, change.new))
        return f"{name}: {old} → {new}"
