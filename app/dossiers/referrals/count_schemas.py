"""How many referrals there are of a region's children, as it goes over the wire."""

from pydantic import Field

from app.dossiers.referrals.obstacle_codes import Obstacle
from app.dossiers.referrals.states import Status
from app.kit.schemas import Answer, Schema, described
from app.reference.schemas import RegionField


class StatusCount(Answer):
    """How many referrals are so far."""

    status: Status = described("How far.", "sent")
    count: int = described("How many.", 3)


class ReferralCount(Answer):
    """How many referrals have one thing in common."""

    code: str | None = described("The municipality's code, or the id of the provider or institution.", "GM0400")
    name: str | None = described("Its name, where that is known.", "Den Helder")
    total: int = described("How many.", 12)
    overdue: int = described("Of these, without an answer in time.", 2)
    by_status: list[StatusCount] = Field(description="How far they are; those without any are left out.")


class DespiteCount(Answer):
    """How many referrals went on for all one reason."""

    reason: Obstacle = described("The reason for which the match would have left the offer out.", "not-contracted")
    count: int = described("How many referrals.", 2)


class ReferralCounts(Answer):
    """The referrals of a region's own children, counted."""

    region: RegionField = Field(description="The jeugdregio of the children.")
    total: int = described("How many.", 12)
    overdue: int = described("Of these, without an answer in time.", 2)
    by_status: list[StatusCount] = Field(description="How far they are; those without any are left out.")
    by_municipality: list[ReferralCount] = Field(description="By the responsible municipality.")
    by_provider: list[ReferralCount] = Field(description="By provider; null for care outside the contracts.")
    by_institution: list[ReferralCount] = Field(description="By who referred.")
    despite: list[DespiteCount] = Field(
        description="Those made, accepted or started although the match would leave the offer out, by reason; one can "
        "count in several."
    )


class CountQuery(Schema):
    """The query keys of the counts."""

    region: RegionField | None = Field(default=None, description="The jeugdregio; the caller's own unless said.")
