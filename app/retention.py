"""What is kept, for how long and why, and what is deleted when that is over: one list, for `wijzer retention`.

The jobs that delete stand with what they delete; this says of each kind what they do, and looks whether they did.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text

from app.dossiers.audit.repository import KEPT_AT_LEAST
from app.dossiers.proposals.repository import KEPT as PROPOSALS_KEPT
from app.dossiers.rankings.repository import KEPT_FOR as RANKINGS_KEPT
from app.dossiers.watches.repository import KEPT as WATCHES_KEPT
from app.kit.database.sessions import Database
from app.kit.http.idempotency import KEPT as ANSWERS_KEPT
from app.notifying.mails.sender import KEPT as MAILS_KEPT
from app.notifying.webhooks.delivery_repository import KEPT as EVENTS_KEPT
from app.notifying.webhooks.delivery_repository import KEPT_DEAD
from app.settings import Settings

FOR_EVER: Final = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data: where it stands, from when its time runs, how long it is kept and why.

    `since` is an SQL expression of `table`, NULL for what is not over yet; `period` None is for ever, or until what it
    is part of goes. `setting` is the variable that sets the period.
    """

    name: str
    table: str
    since: str
    period: timedelta | None
    reason: str
    setting: str | None = None


def kinds(settings: Settings) -> tuple[Kind, ...]:
    """Every kind of data about children, people or what they were told."""
    dossiers = timedelta(days=settings.dossier_retention_months * 30.4375)
    return (
        Kind(
            *("dossiers", "requests", "closed_on", dossiers),
            reason="figures over the years; the institution's own file is the one the law has kept (Jeugdwet 7.3.8)",
            setting="DOSSIER_RETENTION_MONTHS",
        ),
        Kind(
            *("audit log", "audit_entries", "at", KEPT_AT_LEAST),
            reason="five years at least (NEN 7513); it outlives the dossier, of which it has the id alone",
        ),
        Kind("rankings not referred by", "rankings", "CASE WHEN NOT kept THEN shown_at END", RANKINGS_KEPT, "a choice"),
        Kind("proposals", "proposals", "asked_at", PROPOSALS_KEPT, "to account for what was advised"),
        Kind("watches", "watches", "least(closed_on, expires_on)", WATCHES_KEPT, "to look back at what was found"),
        Kind("stored answers", "stored_answers", "created_at", ANSWERS_KEPT, "to answer a repeated request; sealed"),
        Kind("mails", "mails", "done_at", MAILS_KEPT, "to find out what became of one"),
        Kind("events told", "outbox_events", "taken_at", EVENTS_KEPT, "to follow what was told to whom"),
        Kind(
            *("deliveries to webhooks", "webhook_deliveries", "CASE state WHEN 'delivered' THEN ended_at END"),
            *(EVENTS_KEPT, "to follow what was told to whom"),
        ),
        Kind(
            *("deliveries given up", "webhook_deliveries", "CASE state WHEN 'dead' THEN ended_at END", KEPT_DEAD),
            reason="to tell them again once the other side is mended",
        ),
        Kind(
            *("sessions of the web app", "web_sessions", "least(idle_at, expires_at)", timedelta(0)),
            reason="nobody is signed in any more",
            setting="SESSION_HOURS",
        ),
        Kind("capacity reports", "capacity_reports", "received_at", FOR_EVER, "history of supply; of no person"),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a kind stands: how many rows there are, since when the oldest that is over is, and how many are overdue."""

    kind: Kind
    rows: int
    oldest: Any
    overdue: int


async def report(database: Database, settings: Settings, now: datetime) -> list[Standing]:
    """How each kind stands; what is over for a day longer than it is kept should not be there."""
    found = []
    async with database.read() as session:
        for kind in kinds(settings):
            before = now - kind.period - timedelta(days=1) if kind.period is not None else None
            overdue = f"count(*) FILTER (WHERE ({kind.since}) < CAST(:before AS timestamptz))"
            statement = f"SELECT count(*), min({kind.since}), {overdue} FROM {kind.table}"  # noqa: S608 - our own words
            given: Mapping[str, Any] = {"before": before}
            rows, oldest, late = (await session.execute(text(statement), given)).one()
            found.append(Standing(kind, rows, oldest, late))
    return found
