"""Pages of a list: what is shown, and where the rest begins."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from app.kit.pages import PageQuery, encode_cursor, split_page

Row = TypeVar("Row")


def split(
    query: PageQuery, path: str, rows: Sequence[Row], key: Callable[[Row], Sequence[Any]]
) -> tuple[Sequence[Row], str | None]:
    """The rows of a page of the list at `path`, and the cursor of the next; None on the last.

    `rows` are what `query.window` asked for: one more than a page where more follow.
    """
    shown, last = split_page(query, rows, key)
    return shown, None if last is None else encode_cursor(query.question(path), last)
