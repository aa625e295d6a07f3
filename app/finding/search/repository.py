"""The statement that finds offers by their words."""

from collections.abc import Sequence

from sqlalchemy import func, literal, select

from app.kit.database.sessions import ReadSession
from app.kit.database.text_search import mentions
from app.supply.offers.tables import OfferRow


async def find_ids(session: ReadSession, words: str, care_types: Sequence[str]) -> bytes:
    """The ids of the offers given now that have these words, of these care types or of all: 16 bytes each, in no order.

    In one value, because there may be ten thousand, of which the catalogue then shows fifty.
    """
    statement = select(func.string_agg(func.uuid_send(OfferRow.id), literal(b""))).where(
        OfferRow.ended_at.is_(None), mentions(OfferRow.search, words)
    )
    if care_types:
        statement = statement.where(OfferRow.care_type.in_(care_types))
    return await session.scalar(statement) or b""
