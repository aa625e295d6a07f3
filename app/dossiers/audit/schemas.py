"""The audit log of a dossier, as it goes over the wire."""

from typing import Any
from uuid import UUID

from pydantic import Field

from app.dossiers.audit.grounds import Ground
from app.dossiers.audit.tables import AuditEntryRow
from app.kit.database.trail import Action
from app.kit.schemas import Answer, Moment, described


class AuditEntryOut(Answer):
    """That somebody saw or changed the dossier."""

    at: Moment = Field(description="When.", examples=["2026-11-02T09:00:00Z"])
    action: Action = described("C: made it; R: read it; U: changed it; D: erased it.", "R")
    operation: str = described("With what: the operation or page, or the job.", "GET /requests/{requestId}")
    ground: Ground = described(
        "Why it could: own, shared, addressed (a referral, call or arrangement put to a provider), asked (a step of "
        "the ladder, or the region), transfer, service (by itself).",
        "own",
    )
    organisation_id: UUID | None = described(
        "Who; null: the service by itself.", "0c6f1e8a-3c1d-4b7e-9a57-1f2e3d4c5b6a"
    )
    organisation: str | None = described("What it is called, where it is registered here.", "Wijkteam Noord")
    role: str = described("In which role.", "gi")
    client_id: str = described("By which client, or whom of the organisation.", "demo-gi")
    trace_id: str = described("The trace (W3C trace context).", "4bf92f3577b34da6a3ce929d0e0e4736")
    span_id: str = described("The request within it.", "00f067aa0ba902b7")
    seal: int | None = described("The seal that it is under; null until the next one.", 812)


def audit_entry_out(row: AuditEntryRow, organisation: str | None) -> AuditEntryOut:
    """An entry as it goes over the wire."""
    values: dict[str, Any] = {name: getattr(row, name) for name in AuditEntryOut.model_fields if name != "organisation"}
    return AuditEntryOut.model_validate({**values, "organisation": organisation}, by_name=True)
