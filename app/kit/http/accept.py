"""Which of some media types a caller would rather have (RFC 9110, 12.5.1)."""

from functools import lru_cache
from typing import Final

from fastapi import Request

CSV: Final = "text/csv"
JSON: Final = "application/json"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wanted(request: Request) -> str:
    """JSON, CSV or XLSX, whichever `Accept` prefers; JSON where it has no preference."""
    return _wanted(request.headers.get("accept", ""))


@lru_cache(256)
def _wanted(accept: str) -> str:
    weights = _weights(accept)
    tables = [name for name in (CSV, XLSX) if _prefers(weights, name)]
    return max(tables, key=lambda name: _weight(weights, name), default=JSON)


def wants_csv(request: Request) -> bool:
    """Whether `Accept` prefers a table for spreadsheets to JSON; JSON where it has no preference."""
    return _prefers_csv(request.headers.get("accept", ""))


@lru_cache(256)
def _prefers_csv(accept: str) -> bool:
    return _prefers(_weights(accept), CSV)


def _prefers(weights: dict[str, float], table: str) -> bool:
    own, json = (_weight(weights, name) for name in (table, JSON))
    return own > json or (own == json and own > 0 and table in weights and JSON not in weights)


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
