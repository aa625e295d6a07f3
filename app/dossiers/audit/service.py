"""The audit log: written where a session came by a dossier, sealed by a job, shown to whose dossier it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.domain.language import Text
from app.dossiers.audit import repository
from app.dossiers.audit.chain import START, hash_of_entry, hash_of_seal
from app.dossiers.audit.tables import AuditEntryRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.trail import Action, Doing
from app.kit.errors import NotFoundError
from app.kit.monitoring.log_events import AUDIT_SEALED, log
from app.kit.security.callers import Caller

_WHAT: Final = Text(nl="Deze hulpvraag", en="This request")
_AT_ONCE: Final = 10_000
"""Entries under one seal at most."""
_SEALS_AT_ONCE: Final = 1000


class AuditLog:
    """Writes what was done with dossiers: the `Recorder` of the application."""

    async def record(self, writing: Any, doing: Doing, actions: Mapping[UUID, Action]) -> None:
        """Adds an entry for each dossier, in the transaction of `writing`."""
        values = {name: getattr(doing, name) for name in Doing.__slots__}
        await repository.add_entries(writing, values, actions)


async def list_entries(
    session: ReadSession, caller: Caller, dossier_id: UUID, *, limit: int | None = None, after: int | None = None
) -> list[tuple[AuditEntryRow, str | None]]:
    """Who saw or changed a dossier of the caller's, also one that it erased; `NotFoundError` for any other."""
    if not await repository.may_read(session, caller, dossier_id):
        raise NotFoundError(_WHAT)
    return await repository.list_entries(session, dossier_id, limit=limit, after=after)


async def seal(session: WriteSession, now: datetime) -> bool:
    """Puts what is committed and not sealed yet under a new seal, whose hash is logged; whether there was any."""
    last = await repository.hold_last_seal(session)
    rows = await repository.list_unsealed(session, _AT_ONCE)
    if not rows:
        return False
    number, previous = (last.number + 1, last.hash) if last else (1, START)
    made = hash_of_seal(number, now, previous, map(hash_of_entry, rows))
    values = {"number": number, "sealed_at": now, "entries": len(rows), "previous": previous, "hash": made}
    await repository.add_seal(session, values, [row.id for row in rows])
    log(AUDIT_SEALED, number=number, entries=len(rows), hash=made.hex())
    return True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at the whole chain gave: how much was looked at, the last seal, and what is wrong, in words."""

    seals: int
    entries: int
    unsealed: int
    last: str
    wrong: list[str]


async def verify(session: ReadSession, now: datetime, expected: str | None = None) -> Verdict:
    """Follows the chain from its start. Entries that are gone are right only where their time to be kept is over.

    `expected`: a seal that was noted earlier ("number:hash"); without one, the chain may be cut off at its end unseen.
    """
    number, entries, previous, wrong = 0, 0, START, list[str]()
    is_there = expected is None
    while seals := await repository.list_seals(session, number, _SEALS_AT_ONCE):
        for each in seals:
            number += 1
            if each.number != number:
                wrong.append(f"seals {number} to {each.number - 1} are gone")
                number = each.number
            elif each.previous != previous:
                wrong.append(f"seal {number} does not follow on the seal before it")
            rows = await repository.list_sealed(session, number)
            entries += len(rows)
            purged = not rows and each.sealed_at < now - repository.KEPT_AT_LEAST
            made = hash_of_seal(number, each.sealed_at, each.previous, map(hash_of_entry, rows))
            if not purged and (made != each.hash or len(rows) != each.entries):
                wrong.append(f"seal {number} was made over {each.entries} entries, and does not fit the {len(rows)}")
            previous = each.hash
            is_there = is_there or f"{number}:{previous.hex()}" == expected
        session.expunge_all()
    if not is_there:
        wrong.append(f"the seal {expected} is not there")
    unsealed, beyond = await repository.count_beyond(session, number)
    if beyond:
        wrong.append(f"{beyond} entries are under seals after seal {number}, which are gone")
    return Verdict(number, entries, unsealed, f"{number}:{previous.hex()}", wrong)


async def purge(session: WriteSession, now: datetime) -> int:
    """Deletes the entries that need not be kept any more; how many."""
    return await repository.delete_before(session, now - repository.KEPT_AT_LEAST)
