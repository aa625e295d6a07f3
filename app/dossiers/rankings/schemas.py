"""Rankings of a request as they go over the wire."""

from uuid import UUID

from pydantic import Field

from app.kit.schemas import (
    Answer,
    Moment,
    described,
)
from app.ranking.model import RULES, Policy

_ID = "8a2d4c6e-1b3f-5d7a-9c0e-2f4a6b8c0d1e"


class RankingOut(Answer):
    """A ranking that was shown."""

    id: UUID = described("Our id.", _ID)
    shown_at: Moment = Field(description="When it was last shown.", examples=["2026-11-22T09:00:00Z"])
    policy: Policy = described("Which factors went first.", "timely-first")
    product_version: str = described("The version of the service that made it.", "1.0.0")
    rules: int = described("The version of the rules that it was made by.", RULES)
    kept: bool = described("Whether a referral names it; else it goes after 7 days.", False)
