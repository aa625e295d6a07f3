"""The catalogue: the one place that candidates for match and search come from.

Which offers are candidates for a child: those of the care types asked for that are contracted for the child's
municipality or region (whatever the contract's dates), and, so that alternatives show what could be arranged, those
given in the region or its supraregion, and those that the choices name. An uncontracted offer far away that nobody
named is no candidate.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from app.catalogue.model import Entry
from app.catalogue.repository import Area, Wanted, list_entries
from app.kit.db import ReadSession
from app.reference.lists import reference


async def candidates(
    session: ReadSession,
    *,
    care_types: Sequence[str],
    municipality: str,
    offers: Iterable[str | None],
    providers: Iterable[str | None],
    today: date,
) -> list[Entry]:
    """The candidates for a child of `municipality`; `offers` and `providers` are those that the choices name."""
    region = reference().municipalities[municipality].region
    reach = [code for each in reference().regions_around(region) for code in reference().municipalities_of(each)]
    wanted = Wanted(
        care_types=care_types,
        contracted_for=Area(region, municipality),
        within_reach=reach,
        named_offers=[UUID(each) for each in offers if each is not None],
        named_providers=[UUID(each) for each in providers if each is not None],
    )
    return await list_entries(session, wanted, today)


async def found(
    session: ReadSession,
    *,
    care_types: Sequence[str],
    contracted_for: Area | None,
    located_in: Sequence[str] | None,
    provider: UUID | None,
    today: date,
) -> list[Entry]:
    """The offers of these care types (all where none is named) at these places, contracted for this area."""
    wanted = Wanted(care_types=care_types, contracted_for=contracted_for, located_in=located_in, provider=provider)
    return await list_entries(session, wanted, today)
