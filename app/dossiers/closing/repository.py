"""Statements on what is in dossiers beside their requests."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, union

from app.dossiers.arrangements.tables import ArrangementRow
from app.dossiers.calls.tables import CallRow
from app.dossiers.referrals.tables import ReferralChildRow
from app.dossiers.watches.tables import WatchRow
from app.kit.database.sessions import WriteSession


async def list_with_more(session: WriteSession, request_ids: Collection[UUID]) -> set[UUID]:
    """Those of these requests that have, or had, a referral, a call, an arrangement or a watch."""
    columns: list[Any] = [row.request_id for row in (ReferralChildRow, CallRow, ArrangementRow, WatchRow)]
    found: list[Select[UUID]] = [select(column).where(column.in_(request_ids)) for column in columns]
    return set((await session.scalars(union(*found))).all()) if request_ids else set()
