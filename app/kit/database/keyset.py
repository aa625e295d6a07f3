"""Where a page of a list starts, in SQL; `kit.pages` has the cursor that says so."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, tuple_


def after(columns: Sequence[SQLColumnExpression[Any]], key: Sequence[Any]) -> ColumnElement[bool]:
    """The condition that a row comes after the one with this key, in the order of the columns."""
    return tuple_(*columns) > tuple_(*key)
