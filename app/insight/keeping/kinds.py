"""The kinds of things that are kept: where each kind is, what it is called, and how it goes over the wire."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.domain.language import Text
from app.insight.keeping.schemas import KeptOut
from app.insight.keeping.tables import KeptRow, KeptVersionRow

Row = TypeVar("Row", bound=KeptRow)


@dataclass(frozen=True, slots=True)
class Kind(Generic[Row]):
    """One kind: the table of what stands, that of its history, its name at the start of a sentence, how it is shown."""

    row: type[Row]
    version: type[KeptVersionRow]
    name: Text
    show: Callable[[Row], KeptOut]
