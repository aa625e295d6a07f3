"""Statements on all that is kept of one dossier, whatever table it stands in: read whole, and erased whole.

What leads to a dossier is found by name: a column `request_id` does, and so does `referral_id` where the referral is
the dossier's, and so on (`_LEADS`). A new table with such a column is exported and erased without a word here. What
leads there otherwise is named below.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, cast, delete, func, literal_column, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from app.dossiers.requests.tables import ERASED, RequestRow
from app.kit.database import tables
from app.kit.database.sessions import ReadSession, WriteSession
from app.notifying.mails.tables import MailRow
from app.notifying.outbox.tables import OutboxEventRow

Ids: TypeAlias = Mapping[str, set[UUID]]
"""The ids of a dossier's rows, by the table that they are of."""

_MAIN: Final = ("rankings", "referrals", "calls", "arrangements", "escalations", "transfers", "watches")
_LEADS: Final = {
    "request_id": "requests",
    "ranking_id": "rankings",
    "referral_id": "referrals",
    "released_by": "referrals",
    "call_id": "calls",
    "arrangement_id": "arrangements",
    "escalation_id": "escalations",
    "transfer_id": "transfers",
    "watch_id": "watches",
    "row_id": "requests",
}
"""The columns that lead to a row of a dossier, and the table that it is of."""
_ONLY_NAMES: Final = {"contracts": "arrangement_id", "referrals": "ranking_id", "referral_children": "released_by"}
"""Where such a column may name a row of a dossier in what is not part of it: it is emptied there."""
_SHARED: Final = {"referrals": ("referral_children", "referral_id"), "transfers": ("transfer_requests", "transfer_id")}
"""What may be of several children: the table that says of which, and the column there that leads to it."""


async def find_ids(session: ReadSession | WriteSession, request_id: UUID) -> Ids:
    """The ids of all that is this dossier's alone; what it shares with another child's is not."""
    ids: dict[str, set[UUID]] = {"requests": {request_id}}
    for name in _MAIN:
        table = _tables()[name]
        own = select(table.c.id).where(table.c.request_id == request_id)
        if name in _SHARED:
            members, column = _SHARED[name]
            member = _tables()[members]
            others = select(member.c.request_id).where(member.c[column] == table.c.id)
            own = own.where(~others.where(member.c.request_id != request_id).exists())
        ids[name] = set(await session.scalars(own))
    return ids


async def list_kept(session: ReadSession, ids: Ids) -> dict[str, list[Any]]:
    """Everything that is kept of a dossier, by table: each row as JSON."""
    kept = {}
    for table, condition in _parts(ids):
        row = func.to_jsonb(literal_column(table.name), type_=JSONB)
        found = list(await session.scalars(select(row).select_from(table).where(condition)))
        if found:
            kept[table.name] = found
    return kept


async def erase(session: WriteSession, ids: Ids) -> None:
    """Deletes all of it: the histories too, which nothing else may. What was shared stays with the other children."""
    (request_id,) = ids["requests"]
    texts = [str(each) for name in ids for each in ids[name]]
    await session.execute(sql("SELECT set_config('wijzer.erasing', 'on', true)"))
    await _leave_shared(session, request_id)
    await _forget_in_histories(session, request_id)
    await _empty_cases(session, request_id)
    for name, column in _ONLY_NAMES.items():
        table = _tables()[name]
        named = table.c[column].in_(ids[_LEADS[column]])
        await session.execute(update(table).where(named).values({column: None}))
    await _erase_told(session, texts)
    for table, condition in reversed(list(_parts(ids))):
        await session.execute(delete(table).where(condition))
    await session.execute(sql("SELECT set_config('wijzer.erasing', 'off', true)"))


def _tables() -> Mapping[str, Table]:
    return tables.Table.metadata.tables


def _parts(ids: Ids) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Each table that has something of a dossier, and what of it; one that others refer to comes before these."""
    for table in tables.Table.metadata.sorted_tables:
        conditions = []
        if table.name in ids:
            conditions.append(table.c.id.in_(ids[table.name]))
        elif table.name not in _ONLY_NAMES or table.name == "referral_children":
            columns = [each for each in table.c if each.name in _LEADS and each.name != _ONLY_NAMES.get(table.name)]
            conditions += [each.in_(_led_to(each.name, ids)) for each in columns]
        if conditions:
            yield table, or_(*conditions)


def _led_to(column: str, ids: Ids) -> set[UUID]:
    return set().union(*ids.values()) if column == "row_id" else ids[_LEADS[column]]


async def _leave_shared(session: WriteSession, request_id: UUID) -> None:
    """What was for several children goes on as that of another of them, with what it says of that child."""
    await session.execute(
        sql("""
            UPDATE referrals SET request_id = other.id, gender = other.gender, needs = other.needs,
                municipality_code = other.municipality_code, region_code = other.region_code,
                characteristics = other.characteristics,
                age = extract(year FROM age(referrals.sent_at, to_date(other.birth_month, 'YYYY-MM')))
            FROM requests AS other
            WHERE referrals.request_id = :request_id AND other.id = (
                SELECT child.request_id FROM referral_children AS child
                WHERE child.referral_id = referrals.id AND child.request_id <> :request_id
                ORDER BY child.request_id LIMIT 1)
        """),
        {"request_id": request_id},
    )
    await session.execute(
        sql("""
            UPDATE transfers SET request_id = other.request_id
            FROM transfer_requests AS other
            WHERE transfers.request_id = :request_id AND other.transfer_id = transfers.id AND other.request_id = (
                SELECT min(each.request_id::text)::uuid FROM transfer_requests AS each
                WHERE each.transfer_id = transfers.id AND each.request_id <> :request_id)
        """),
        {"request_id": request_id},
    )


async def _erase_told(session: WriteSession, texts: list[str]) -> None:
    """Deletes what others were, or were to be, told of it: events with their deliveries, mails, stored answers."""
    event, mail, deliveries = OutboxEventRow, MailRow, _tables()["webhook_deliveries"]
    told = or_(*(cast(event.data, Text).contains(each) for each in texts), event.subject.in_(texts))
    ids = list(await session.scalars(select(event.id).where(told)))
    await session.execute(delete(deliveries).where(deliveries.c.outbox_id.in_(ids)))
    await session.execute(delete(event).where(event.id.in_(ids)))
    written = [or_(mail.key.contains(each), mail.body.contains(each)) for each in texts]
    await session.execute(delete(mail).where(or_(*written)))
    answers = _tables()["stored_answers"]
    await session.execute(delete(answers).where(answers.c.dossiers.overlap([UUID(each) for each in texts[:1]])))


_HISTORIES: Final = (
    ("referral_events", "details", "referral_id IN (SELECT referral_id FROM shared)"),
    ("request_events", "changes", "request_id IN (SELECT request_id FROM sibling)"),
    ("dossier_versions", "facts", "request_id IN (SELECT request_id FROM sibling)"),
)


async def _forget_in_histories(session: WriteSession, request_id: UUID) -> None:
    """Takes the id out of what the histories of other dossiers say: of siblings that were referred together."""
    ids = {"was": request_id, "written": str(request_id), "nobody": str(ERASED)}
    for name, column, among in _HISTORIES:
        await session.execute(
            sql(f"""
                WITH shared AS (
                    SELECT referral_id FROM referral_children WHERE request_id = :was
                ), sibling AS (
                    SELECT request_id FROM referral_children JOIN shared USING (referral_id)
                    WHERE request_id <> :was
                )
                UPDATE {name} SET {column} = replace({column}::text, CAST(:written AS text), :nobody)::jsonb
                WHERE {among} AND {column}::text LIKE '%' || CAST(:written AS text) || '%'
            """),  # noqa: S608 - our own words
            ids,
        )
    for column in ("adds", "removes"):
        await session.execute(
            sql(
                f"UPDATE referral_amendments SET {column} = "  # noqa: S608 - our own words
                f"array_replace({column}, CAST(:was AS uuid), CAST(:nobody_id AS uuid)) "
                f"WHERE {column} @> ARRAY[CAST(:was AS uuid)]"
            ),
            {"was": request_id, "nobody_id": ERASED},
        )


async def _empty_cases(session: WriteSession, request_id: UUID) -> None:
    """What a proposal was made of says something of each child that is in it; what it proposes for others stays."""
    proposals, lines = _tables()["proposals"], _tables()["proposal_lines"]
    named = proposals.c.id.in_(select(lines.c.proposal_id).where(lines.c.request_id == request_id))
    await session.execute(update(proposals).where(named).values(case_file=None))


async def list_closed(session: WriteSession, before: date, limit: int) -> list[UUID]:
    """At most `limit` requests that were closed before that day, the longest ago first, held."""
    row = RequestRow
    closed = select(row.id).where(row.closed_on < before).order_by(row.closed_on, row.id)
    return list(await session.scalars(closed.limit(limit).with_for_update(skip_locked=True)))
