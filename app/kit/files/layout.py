"""What a kind of table has: its columns by their names, and how their cells are read."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.domain.language import Language
from app.kit.errors import InputError
from app.kit.files.cells import Cell
from app.kit.files.lines import LinePosition


class Column(NamedTuple):
    """The field that a column holds, and how its cells are read."""

    field: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of table.

    `cells` says how a cell of each field is read, and `names` what else each column may be called, by field: a list
    with commas of which the first is that of the Dutch template; both in the order of the template. `column_of` finds
    the column of a name; `refused` is what is wrong with a column that is not read, None where it is, and `lacking`
    with columns of these fields alone. `is_record` says whether parts of a text can only be a record of such a table.
    """

    cells: Mapping[str, Cell]
    names: Mapping[str, str]
    column_of: Callable[[str], Column | None]
    refused: Callable[[LinePosition, str], InputError | None]
    lacking: Callable[[LinePosition, Collection[str]], Iterable[InputError]]
    is_record: Callable[[Sequence[str]], bool]

    def headings(self, language: Language) -> list[str]:
        """The name of every column in that language, in the order of the template."""
        return [names.partition(",")[0] for names in self.names.values()] if language == "nl" else list(self.names)


def plain(name: str) -> str:
    """A name as columns are told apart by: without spaces, marks and capitals."""
    return "".join(filter(str.isalnum, name.casefold()))


def fields_by_name(names: Mapping[str, str]) -> dict[str, str]:
    """The field of every name, written plainly; `names` are those of a `Layout`."""
    return {plain(name): field for field, others in names.items() for name in (field, *others.split(", "))}
