"""What a caller would rather have, as its Accept headers say it (RFC 9110, 12.4.2, 12.5.1 and 12.5.4)."""

from functools import lru_cache
from typing import NamedTuple

from fastapi import Request


class Preference(NamedTuple):
    """One member of an Accept header, in lower case: a media range or language range, with its weight from 0 to 1."""

    name: str
    weight: float
    parameters: dict[str, str]


@lru_cache(1024)
def preferences(header: str) -> tuple[Preference, ...]:
    """The members of an Accept or Accept-Language header, in order; one whose weight is no number weighs nothing."""
    return tuple(_preference(part) for part in header.lower().split(",") if part.strip())


def _preference(member: str) -> Preference:
    name, *given = (part.strip() for part in member.split(";"))
    pairs = (each.partition("=") for each in given)
    parameters = {key.strip(): value.strip().strip('"') for key, _, value in pairs}
    try:
        weight = float(parameters.pop("q", "1"))
    except ValueError:
        weight = 0.0
    return Preference(name, weight, parameters)


def preferred(request: Request, *offered: str) -> str:
    """The media type of these that `Accept` weighs most; of equal ones that which it names, then the first."""
    given = preferences(request.headers.get("accept", ""))
    return max(offered, key=lambda media_type: _rank(given, media_type))


def _rank(given: tuple[Preference, ...], media_type: str) -> tuple[float, int]:
    """The weight of a media type, by the narrowest range that covers it, and how narrow that is."""
    for narrowness, name in ((2, media_type), (1, f"{media_type.partition('/')[0]}/*"), (0, "*/*")):
        weights = [each.weight for each in given if each.name == name]
        if weights:
            return max(weights) or -1.0, narrowness  # what is refused comes after what is not named
    return 0.0, 0
