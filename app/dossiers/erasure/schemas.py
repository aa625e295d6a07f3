"""Everything that is kept of one child, as it goes over the wire."""

from typing import Any
from uuid import UUID

from pydantic import Field

from app.kit.schemas import Answer, Moment, described


class DossierExport(Answer):
    """Everything that is kept of one child, under the institution's own reference."""

    request_id: UUID = described("The request.", "b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b")
    child_reference: str = described("The institution's own reference of the child.", "kind-2026-31")
    exported_at: Moment = Field(description="When it was asked.", examples=["2026-11-02T09:00:00Z"])
    kept: dict[str, list[dict[str, Any]]] = described(
        "By the table that it stands in: each row, as it stands there.", {"judgements": [{"by": "family"}]}
    )
