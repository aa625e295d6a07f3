"""Reminders as they go over the wire."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.kit.pages import PageQuery
from app.kit.schemas import Answer, Moment, NormDay, Schema, described
from app.reference.schemas import CareTypeCode
from app.supply.reminders.tables import Reason

MailOutcome = Literal["no-address", "muted", "off", "waiting", "sent", "refused", "expired"]
_OFFER = "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"
_PROVIDER = "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"


class ReminderOut(Answer):
    """The last reminder of an offer whose figures have not been renewed since."""

    offer_id: UUID = described("The offer.", _OFFER)
    offer_name: str = described("What the offer is called.", "Gezinshuis De Duinen")
    provider_id: UUID = described("Whose offer it is.", _PROVIDER)
    provider_name: str = described("The provider's name.", "Demo Jeugdhulp De Vuurtoren")
    care_type: CareTypeCode = Field(description="The care type of the help.", examples=["gezinshuis"])
    reason: Reason = described("What the provider was reminded of.", "older-than-14-days")
    observed_at: Moment | None = described("When the figures were so; null: never reported.", "2026-11-07T08:00:00Z")
    age_days: int | None = described("Their age in days today; null: never reported.", 15)
    known_until: date | None = described(
        "The last day on which they count as known; null: never reported.", "2026-12-07"
    )
    reminded_at: Moment = described("When the provider was reminded.", "2026-11-22T05:07:00Z")
    doubts: int = described("How many organisations doubt these figures, where that is the reason; else 0.", 0)
    mail: MailOutcome | None = described("What became of the mail; null where that is no longer kept.", "sent")


class ReminderQuery(PageQuery):
    """The query keys of the reminders."""

    provider: UUID | None = Field(default=None, description="Only this provider's.", examples=[_PROVIDER])
    reason: list[Reason] = Field(
        default=[], description="Only for one of these reasons; may repeat.", examples=[["older-than-30-days"]]
    )


class MuteIn(Schema):
    """Until when a provider wants no reminders by mail."""

    until: NormDay | None = Field(
        description="The last day without mail, at most three months from now; null: mail again.",
        examples=["2026-12-31"],
    )


class MuteOut(Answer):
    """Until when a provider gets no reminders by mail."""

    until: date | None = described("The last day without mail; null: it gets them.", "2026-12-31")
