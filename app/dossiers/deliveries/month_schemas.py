"""Which institution has delivered for which month, as it goes over the wire."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.dossiers.deliveries.tables import Kind
from app.finding.matching.schemas import Month
from app.kit.pages import PageQuery
from app.kit.schemas import Answer, Moment, NotNull, Schema, described

State = Literal["delivered", "confirmed", "missing"]
_ORGANISATION = "9c1c6d0a-7a55-5a0f-8f2b-1a4c0d9e7b33"
_MONTH = "2026-11"


class DeliveryIn(Schema):
    """That an institution's dossiers are complete for a month, though it did not deliver them."""

    month: Month = described("The month; not in the future.", _MONTH)


class DeliveryOut(Answer):
    """A delivery, or a confirmation."""

    kind: Kind = described("`confirmed`: the institution said that its dossiers are complete.", "delivered")
    month: str = described("The month that it is for.", _MONTH)
    reference_day: date = described("The day that it is about.", "2026-11-30")
    lines: int = described("How many lines it had.", 148)
    accepted: int = described("How many made or changed a request.", 12)
    unchanged: int = described("How many said what was so already.", 135)
    rejected: int = described("How many were rejected.", 1)
    closed: int = described("How many requests were closed because they were not in it.", 0)
    at: Moment = described("When.", "2026-12-02T08:00:00Z")
    client_id: str | None = described("By which client; null to others than the institution.", "gi-noord")


class InstitutionMonth(Answer):
    """Whether an institution has delivered for a month."""

    institution: str | None = described(
        "Its name; null where it is not registered here and has not delivered.", "De Jeugd- en Gezinsbeschermers"
    )
    organisation_id: UUID | None = described(
        "Its organisation; null of an institution that is contracted and not registered here.", _ORGANISATION
    )
    month: str = described("The month.", _MONTH)
    state: State = described(
        "`delivered`; `confirmed`: it said that its dossiers are complete; `missing`: neither.", "delivered"
    )
    deliveries: list[DeliveryOut] = Field(description="What it delivered and confirmed, the last one first.")
    reminded_at: Moment | None = described("When it was reminded; null where it was not.", None)


class DeliveryQuery(PageQuery):
    """The query keys of the deliveries."""

    month: Annotated[Month | None, NotNull] = Field(default=None, description="Of which month; this month unless said.")
