"""The audit log with the names of the standard Logboek Dataverwerkingen (Logius), beside which stand those of NEN 7513.

Of the standard: trace_id, span_id, status_code, name, start_time, end_time, resource, and of its attributes
`dpl.core.processing_activity_id`, `dpl.core.data_subject_id` and its type. NEN 7513 asks besides who did it for whom
(`user`, `organisation`, `role`), what was done (`action`: C, R, U or D), whose the dossier is, and on what ground.
"""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from app.dossiers.audit import repository
from app.dossiers.audit.tables import AuditEntryRow
from app.kit.database.sessions import ReadSession
from app.kit.schemas import write_time

_AT_ONCE = 1000
_OK = "STATUS_CODE_OK"


async def write_log(session: ReadSession, dossier_id: UUID | None, source: str) -> AsyncIterator[str]:
    """The entries of a dossier, or of all, a JSON line each; `source` is who runs the service (EVENT_SOURCE)."""
    after = 0
    while rows := await repository.list_all(session, dossier_id, limit=_AT_ONCE, after=after):
        for row in rows:
            yield json.dumps(entry_of(row, source))
        after = rows[-1].id
        session.expunge_all()


def entry_of(row: AuditEntryRow, source: str) -> dict[str, Any]:
    """One entry in the words of the two standards."""
    at = write_time(row.at)
    return {
        "trace_id": row.trace_id,
        "span_id": row.span_id,
        "status_code": _OK,
        "name": row.operation,
        "start_time": at,
        "end_time": at,
        "resource": {"name": source},
        "attributes": {
            "dpl.core.processing_activity_id": f"{source}:dossiers",
            "dpl.core.data_subject_id": str(row.dossier_id),
            "dpl.core.data_subject_id_type": "request",
            "nen7513.event": row.id,
            "nen7513.user": row.client_id,
            "nen7513.organisation": row.organisation_id and str(row.organisation_id),
            "nen7513.role": row.role,
            "nen7513.action": row.action,
            "nen7513.keeper": row.keeper_id and str(row.keeper_id),
            "nen7513.ground": row.ground,
            "seal": row.seal,
        },
    }
