"""Pages of a list in the overview: what is shown, and where the rest begins."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from app.kit.pages import PageQuery, encode_cursor

Row = TypeVar("Row")


def split(
    query: PageQuery, path: str, rows: Sequence[Row], key: Callable[[Row], Sequence[Any]]
) -> tuple[Sequence[Row], str | None]:
    """The rows of a page of the list at `path`, and the cursor of the next; None on the last.

    `rows` are what `query.window` asked for: one more than a page where more follow.
    """
    shown = rows[: query.limit]
    return shown, encode_cursor(query.question(path), key(shown[-1])) if len(rows) > len(shown) else None
