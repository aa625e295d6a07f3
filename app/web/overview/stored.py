"""What somebody else stored while a form was being filled in."""

from collections.abc import Mapping
from typing import Any

from app.kit.schemas import Schema
from app.web.shell.words import NOTHING


def stored_otherwise(stored: Schema, typed: Schema, names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Each field of a form that is stored otherwise than it was typed, with what is stored; `names` are those of codes.

    Stored {"licht": "red", "stand": "running"}, typed {"licht": "green", "stand": "running"}: ("licht", "rood").
    """
    now, was = stored.model_dump(exclude={"versie"}), typed.model_dump(exclude={"versie"})
    return [(field, _written(value, names or {})) for field, value in now.items() if value != was[field]]


def _written(value: Any, names: Mapping[str, str]) -> str:
    values = value if isinstance(value, list) else [value]
    return ", ".join(names.get(each, each) for each in values if each) or NOTHING
