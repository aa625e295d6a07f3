"""What somebody else stored while a form was being filled in."""

import re
from collections.abc import Mapping
from typing import Any, Final

from app.kit.schemas import Schema
from app.reference.lists import reference
from app.web.shell.words import NOTHING, day

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def stored_otherwise(stored: Schema, typed: Schema, names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Each field of a form that is stored otherwise than it was typed, with what is stored.

    `names` are those of codes, beside care types; a day is written as people do.
    Stored {"licht": "red", "stand": "running"}, typed {"licht": "green", "stand": "running"}: ("licht", "rood").
    """
    now, was = stored.model_dump(exclude={"versie"}), typed.model_dump(exclude={"versie"})
    known = {code: each.name.nl for code, each in reference().care_types.items()} | dict(names or {})
    return [(field, _written(value, known)) for field, value in now.items() if value != was[field]]


def _written(value: Any, names: Mapping[str, str]) -> str:
    values = value if isinstance(value, list) else [value]
    return ", ".join(_word(each, names) for each in values if each) or NOTHING


def _word(text: str, names: Mapping[str, str]) -> str:
    return day(text) if _DAY.fullmatch(text) else names.get(text, text)
