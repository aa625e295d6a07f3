"""What is kept as it goes over the wire, as far as its kinds are alike, and its history."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from app.kit.pages import PageQuery
from app.kit.schemas import Answer, Change, Moment, described
from app.reference.schemas import RegionField, SupraregionField

What = Literal["added", "changed", "withdrawn"]


class KeptOut(Answer):
    """Something that a region or supraregion keeps."""

    id: UUID = described("Our id.", "7c2e9a14-6b3d-4f58-8e01-9d5a7b3c2f10")
    region: RegionField | None = Field(description="The jeugdregio that keeps it; null where a supraregion does.")
    supraregion: str | None = described("The supraregion that keeps it; null where a region does.", None)
    withdrawn_at: Moment | None = described("When it was withdrawn: it is kept, and counts no more.", None)
    why: str | None = described("Why it was withdrawn.", None)


class HistoryEntryOut(Answer):
    """One change: by whom, when, and what is different since."""

    version: int = described("The version that it made, from 1.", 2)
    at: Moment = Field(description="When.", examples=["2026-11-02T09:00:00Z"])
    client_id: str = described("By which client.", "demo-region")
    what: What = described("What was done.", "changed")
    changes: list[Change] = Field(description="Each field that is different since, with what it was and became.")


class KeptQuery(PageQuery):
    """The query keys of every list of what is kept."""

    region: RegionField | None = Field(default=None, description="Only what this jeugdregio keeps itself.")
    supraregion: SupraregionField | None = Field(default=None, description="Only what this supraregion keeps itself.")
    withdrawn: bool = Field(
        default=False, description="Only those that were withdrawn; else only the others.", examples=[True]
    )
