"""Whom to ask for what is not arranged yet, and how they are reached: as the bytes and words that go out."""

from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson

from app.kit.database.sessions import Record
from app.kit.json_bytes import in_json, to_json
from app.reference.lists import reference

_REACHED: Final = ("name", "phone", "email")


class Desk(NamedTuple):
    """A region's desk or a provider's intake desk, as bytes of JSON; `words` follow in a text, and are empty where
    nothing is known of how it is reached."""

    shown: bytes
    words: bytes


def provider_desk(row: Record) -> Desk:
    """The intake desk of a provider."""
    reached = {"name": row["intake_desk"], "phone": row["phone"], "email": row["email"]}
    return _desk("provider", row["name"], reached, [])


def region_desk(row: Record) -> Desk:
    """The desk of a region, as the region says it."""
    reached = {name: row[name] for name in _REACHED}
    return _desk("region", _name_of(row["region_code"]), reached, orjson.loads(row["opening_hours"]))


@lru_cache(100)
def unknown_region_desk(region: str) -> Desk:
    """The desk of a region that has not said how it is reached."""
    return _desk("region", _name_of(region), dict.fromkeys(_REACHED), [])


def _name_of(region: str) -> str | None:
    """A region of a newer version has no name here; nobody can ask for it either."""
    known = reference().regions.get(region)
    return known.name if known else None


def _desk(of: str, organisation: str | None, reached: dict[str, Any], hours: list[Any]) -> Desk:
    shown = bytes(memoryview(to_json({"of": of, "organisation": organisation, **reached, "openingHours": hours})))
    known = reached["phone"] or reached["email"]
    words = ", ".join(each for each in reached.values() if each)
    return Desk(shown, in_json(f" Contact: {words}.") if known else b"")
