"""A request of a municipality that this version does not know, as after a merger that the lists have taken in."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from app.dossiers.requests.tables import RequestRow
from app.reference.tables import MunicipalityRow
from tests.conftest import SavepointDatabase

_LOST = "GM9998"


async def lose_municipality(database: SavepointDatabase, request: dict[str, Any]) -> None:
    """Makes the responsible municipality of a request one that is in the database, and not in the lists."""
    async with database.write() as session:
        await session.execute(insert(MunicipalityRow).values(code=_LOST, name="Eertijds", region_code="JZ03"))
        own = RequestRow.id == UUID(request["id"])
        await session.execute(update(RequestRow).where(own).values(municipality_code=_LOST))
