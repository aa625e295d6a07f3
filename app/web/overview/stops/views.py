"""Placement stops as the pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.supply.placement_stops.schemas import StopOut
from app.supply.placement_stops.tables import ImposedBy
from app.web.shell.words import day

_BY: Final[dict[ImposedBy, str]] = {
    "provider": "de aanbieder zelf",
    "region": "de jeugdregio",
    "inspectorate": "de inspectie",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop in the list; `is_own` says that the region imposed it, and may change it."""

    id: str
    provider: str
    what: str
    offer_address: str | None
    period: str
    by: str
    reason: str
    is_own: bool


def stop_of(out: StopOut, names: Mapping[str, str], region: str | None) -> Stop:
    """A stop in words; `names` are those of providers by id."""
    until = f" tot en met {day(out.to)}" if out.to else ", tot nader bericht"
    return Stop(
        id=str(out.id),
        provider=names.get(str(out.provider_id), str(out.provider_id)),
        what=f"locatie {out.location_key}" if out.location_key else "één aanbod" if out.offer_id else "al het aanbod",
        offer_address=f"/aanbod/{out.offer_id}" if out.offer_id else None,
        period=f"vanaf {day(out.from_)}{until}",
        by=_BY[out.imposed_by],
        reason=out.reason,
        is_own=out.imposed_by == "region" and out.region == region,
    )
