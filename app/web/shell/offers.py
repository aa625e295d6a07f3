"""An offer as pages say it: how it stands, where it is and by which contract."""

from collections.abc import Mapping
from typing import Any, Final

from app.web.shell.places import municipality_name

STATUSES: Final = {
    "free": ("●", "vrij"),
    "soon": ("◐", "binnenkort"),
    "waiting": ("○", "wachttijd"),
    "unknown": ("?", "onbekend"),
    "closed": ("✕", "gesloten"),
}
"""A sign and a word for each status."""

_CONTRACTS: Final = {
    "regional": "regionaal contract",
    "supraregional": "bovenregionaal contract",
    "national": "landelijk contract",
    "light": "licht contract",
}


def place_of(offer: Mapping[str, Any]) -> str:
    """Where the help of an offer (`ShownOffer`) is given: a municipality, or at the child's home."""
    if offer["location"] is None:
        return "aan huis"
    name = municipality_name(offer["location"]["municipality"])
    return f"{name}, aan huis" if offer["atHome"] else name


def contract_in_words(contract: Mapping[str, Any] | None) -> str | None:
    """A contract (`ShownContract`) in words."""
    if contract is None:
        return None
    words = _CONTRACTS[contract["kind"]]
    return f"{words}, plafond bereikt" if contract["ceilingReached"] else words
