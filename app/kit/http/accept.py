"""Which of two media types a caller would rather have (RFC 9110, 12.5.1)."""

from functools import lru_cache
from typing import Final

from fastapi import Request

CSV: Final = "text/csv"


def wants_csv(request: Request) -> bool:
    """Whether `Accept` prefers a table for spreadsheets to JSON; JSON where it has no preference."""
    return _prefers_csv(request.headers.get("accept", ""))


@lru_cache(256)
def _prefers_csv(accept: str) -> bool:
    weights = _weights(accept)
    csv, json = (_weight(weights, name) for name in (CSV, "application/json"))
    return csv > json or (csv == json and csv > 0 and CSV in weights and "application/json" not in weights)


def _weight(weights: dict[str, float], name: str) -> float:
    kind = name.split("/", maxsplit=1)[0]
    return next((weights[each] for each in (name, f"{kind}/*", "*/*") if each in weights), 0.0)


def _weights(accept: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        given = dict(each.partition("=")[::2] for each in parameters)
        try:
            weight = float(given.get("q", "1"))
        except ValueError:
            weight = 0.0
        weights[name] = max(weight, weights.get(name, 0.0))
    return weights
