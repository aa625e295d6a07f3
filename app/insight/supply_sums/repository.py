"""Statements that add up the days of months, as they became known.

Of three days with 2 places each, of which the last was put right to 5 on 4 November: 6 as known until then, 9 since.
"""
# ruff: noqa: S608 - statements are made of words of this module alone

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import delete, text

from app.domain.dates import add_months
from app.insight.history.tables import LAST_DAY
from app.insight.supply_sums.tables import SupplySumRow
from app.kit.database.sessions import WriteSession

_MONTH: Final = "date_trunc('month', day)::date"
_ADD_UP: Final = text(f"""
    WITH written AS (
        SELECT {_MONTH} AS month, ({_MONTH} + interval '1 month')::date - 1 AS last, region_code, care_type,
               known_from, known_to, places_total, places_occupied, places_free
        FROM insight_supply_days
        WHERE day >= :first AND day < :until AND {_MONTH} = ANY(CAST(:months AS date[]))
    ), since AS (
        SELECT DISTINCT month, last, region_code, care_type, CASE WHEN at <= last THEN month ELSE at END AS known_from
        FROM written CROSS JOIN LATERAL (VALUES (known_from), (known_to)) changed (at)
        WHERE at < '{LAST_DAY}'
    ), stretch AS (
        SELECT *, coalesce(lead(known_from) OVER (PARTITION BY month, region_code, care_type ORDER BY known_from),
                           '{LAST_DAY}') AS known_to
        FROM since
    )
    INSERT INTO insight_supply_sums (month, region_code, care_type, known_from, known_to,
                                     places_total, places_occupied, places_free)
    SELECT month, region_code, care_type, s.known_from, s.known_to,
           sum(w.places_total), sum(w.places_occupied), sum(w.places_free)
    FROM stretch s
    JOIN written w USING (month, last, region_code, care_type)
    WHERE w.known_from <= greatest(s.known_from, last) AND w.known_to > greatest(s.known_from, last)
    GROUP BY month, region_code, care_type, s.known_from, s.known_to
""")
"""A month is known from its first day on as it is at its end, and then from each day on which one of its days changed.
"""
_CHANGED: Final = text(f"""
    SELECT DISTINCT {_MONTH} FROM insight_supply_days
    WHERE known_from >= :since OR known_to BETWEEN :since AND '{LAST_DAY}'::date - 1
""")


async def list_changed(session: WriteSession, since: date) -> set[date]:
    """The months, by their first days, of which figures of a day became known, or were replaced, since a day."""
    return set((await session.scalars(_CHANGED, {"since": since})).all())


async def add_up(session: WriteSession, months: Collection[date]) -> None:
    """Adds up the days of these months anew, by their first days, as they were known at each time."""
    if not months:
        return
    row = SupplySumRow
    await session.execute(delete(row).where(row.month.in_(months)))
    first, until = min(months), add_months(max(months), 1)
    await session.execute(_ADD_UP, {"first": first, "until": until, "months": sorted(months)})
