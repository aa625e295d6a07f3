"""A table out of any file: its heading in any order, and the cells of each of its records by field."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.files.cells import CellError, check_value
from app.kit.files.layout import Column, Layout
from app.kit.files.lines import Content, Line, LinePosition, in_file, says_totals
from app.kit.files.records import Record

TOO_MANY_COLUMNS: Final = (
    "too-many-columns",
    Text(
        nl="Hier staat meer dan er kolommen zijn; zet tekst met een scheidingsteken tussen aanhalingstekens.",
        en="This holds more than there are columns; put text with a separator in it between quotes.",
    ),
)
"""What is wrong with a record that is wider than its heading: a code, and in words."""


class Heading(NamedTuple):
    """The column at each place, None where it has no name; its name by its field, and what every field is called."""

    columns: list[Column | None]
    names: Mapping[str, str]
    words: Mapping[str, Text]


def read_heading(layout: Layout, record: Record) -> Heading:
    """The heading; `InvalidInputError` where it names no, unknown or repeated columns."""
    position = in_file(record.number)
    if record.fault is not None:
        raise InvalidInputError(InputError(position.pointer(), *record.fault))
    columns = [layout.column_of(name) for name in record.cells]
    errors = list(_errors(layout, position, record.cells, columns))
    if errors:
        raise InvalidInputError(*errors)
    names = {column.field: name for column, name in zip(columns, record.cells, strict=True) if column is not None}
    ours = zip(layout.cells, layout.headings("nl"), layout.headings("en"), strict=True)
    words = {field: Text(nl=names.get(field, nl), en=names.get(field, en)) for field, nl, en in ours}
    return Heading(columns, MappingProxyType(names), words)


def _errors(
    layout: Layout, position: LinePosition, names: Sequence[str], columns: Sequence[Column | None]
) -> Iterator[InputError]:
    fields = [None if column is None else column.field for column in columns]
    for index, (name, field) in enumerate(zip(names, fields, strict=True)):
        refused = layout.refused(position, name) if name else None
        if refused is not None:
            yield refused
        elif field is not None and field in fields[:index]:
            first = names[fields.index(field)]
            text = Text(
                nl=f"Dit is dezelfde kolom als '{first}'; laat er één staan.",
                en=f"This is the same column as '{first}'; leave one of them.",
            )
            yield InputError(position.pointer(name), "repeated", text)
    yield from layout.lacking(position, {field for field in fields if field is not None})


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a record: those under a named column, those under none, and those beyond the heading."""

    position: LinePosition
    named: Sequence[tuple[Column, str]]
    unnamed: Sequence[str]
    beyond: Sequence[str]

    @classmethod
    def of(cls, heading: Heading, record: Record) -> "Row":
        """The cells of a record that could be read, as many as the heading has columns."""
        width = len(heading.columns)
        cells = [*record.cells, *[""] * (width - len(record.cells))]
        pairs = list(zip(heading.columns, cells, strict=False))
        return cls(
            in_file(record.number, heading.names),
            [(column, cell) for column, cell in pairs if column is not None],
            [cell for column, cell in pairs if column is None],
            cells[width:],
        )

    @property
    def by_field(self) -> dict[str, str]:
        """The cell of each field."""
        return {column.field: cell for column, cell in self.named}

    @property
    def says_totals(self) -> bool:
        """Whether a cell is what people call a row of totals by."""
        return any(map(says_totals, [*self.by_field.values(), *self.unnamed]))

    @property
    def is_too_wide(self) -> bool:
        """Whether there is something that has no column with a name."""
        return any(self.beyond) or any(self.unnamed)

    def values(self) -> tuple[dict[str, object | None], dict[str, InputError]]:
        """What each field is given: None where its cell is empty; and what is wrong with those that are not in it."""
        values: dict[str, object | None] = {}
        wrong: dict[str, InputError] = {}
        for column, cell in self.named:
            try:
                if cell:
                    check_value(cell)
                values[column.field] = column.cell(cell) if cell else None
            except CellError as error:
                wrong[column.field] = InputError(self.position.pointer(column.field), error.code, error.text)
        return values, wrong


def in_words(line: Line[Content], heading: Heading) -> Line[Content]:
    """The line, of which the errors call the fields what the file calls them."""
    if not isinstance(line.content, InvalidInputError):
        return line
    return line._replace(content=renamed(line.content, heading.words))


def renamed(error: InvalidInputError, words: Mapping[str, Text]) -> InvalidInputError:
    """The error, in whose texts the fields are called by these words instead of their names in JSON."""
    named = re.compile(rf"\b(?:{'|'.join(words)})\b")

    def told(text: Text) -> Text:
        return Text(
            nl=named.sub(lambda found: words[found[0]].nl, text.nl),
            en=named.sub(lambda found: words[found[0]].en, text.en),
        )

    return InvalidInputError(*(InputError(each.pointer, each.code, told(each.detail)) for each in error.errors))
