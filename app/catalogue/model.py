"""What match and search know of an offer."""

from dataclasses import dataclass, replace
from typing import Any

from app.matching.ranking.model import Offer, Stop


@dataclass(frozen=True, slots=True)
class RegionalStop:
    """A stop that one region imposed: it binds the children of that region only."""

    region: str
    stop: Stop


@dataclass(frozen=True, slots=True)
class Entry:
    """An offer with what the ranking asks of it, and what is shown of it as it goes over the wire.

    `offer.stops` are those that bind everyone.
    """

    offer: Offer
    regional_stops: tuple[RegionalStop, ...]
    shown_offer: dict[str, Any]
    shown_provider: dict[str, Any]

    def offer_for(self, region: str | None) -> Offer:
        """The offer as it stands for children of `region`; None for nobody in particular, whom every stop binds."""
        binding = [each.stop for each in self.regional_stops if region in (None, each.region)]
        return replace(self.offer, stops=(*self.offer.stops, *binding)) if binding else self.offer
