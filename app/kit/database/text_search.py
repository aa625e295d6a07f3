"""Searching words, as the database keeps them: Dutch stems, however they are written (migration 0013)."""

from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import InstrumentedAttribute


def mentions(search: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """That the words, as people write them for a search, are among those of a `tsvector` column; its index tells."""
    matches: ColumnElement[bool] = search.op("@@", is_comparison=True)(
        func.websearch_to_tsquery("dutch", func.search_text(words))
    )
    return matches


def search_text(column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """A text as it is searched; `domain.words.search_text` is the same of a text in memory."""
    text: ColumnElement[str] = func.search_text(column)
    return text
