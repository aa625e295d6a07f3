"""Shares as they go over the wire."""

from uuid import UUID

from pydantic import Field

from app.dossiers.requests.tables import May
from app.kit.schemas import Answer, Schema, described

_TEAM = "4f2a6c1e-8b3d-5e7f-9a0b-1c2d3e4f5a6b"


class ShareIn(Schema):
    """What a local team may do with a request of another."""

    may: May = described("Only read it, or also put it before a step and answer the local team's.", "read")


class ShareOut(Answer):
    """A local team that reads a request of another."""

    organisation_id: UUID = described("The local team.", _TEAM)
    organisation: str | None = described("Its name.", "Wijkteam Demodorp")
    may: May = described("What it may do now.", "read")
    asked: bool = Field(
        description="Whether an open escalation asks it, for as long as which it may escalate.", examples=[False]
    )
