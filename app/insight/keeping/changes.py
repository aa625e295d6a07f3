"""What is different between two states of a thing, as it went over the wire at two moments."""

from collections.abc import Mapping
from typing import Any, Final

from app.kit.schemas import Change

_FIXED: Final = {"id", "region", "supraregion"}
"""What never changes, and so is no news of a new thing either."""


def changes_between(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Change]:
    """Each field whose value differs, in the order of `after`; `before` is None where there was nothing yet.

    {"light": "green", "word": null} and then {"light": "red", "word": null}: light, from green to red.
    """
    known = before or {}
    return [
        Change(field=field, old=known.get(field), new=value)
        for field, value in after.items()
        if field not in _FIXED and known.get(field) != value
    ]
