"""Arrangements: what was asked to make an alternative possible for a child, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.dossiers.arrangements.states import EndedBecause, Kind, Status
from app.kit.database.tables import VersionedTable
from app.ranking.model import ChildGender, Reason


class ArrangementRow(VersionedTable):
    """A question about one offer for one child, put to the child's region or to the provider, and the answer.

    What is shown of the child to whom it was put stands in this row and nowhere else. `reason` is what kept the offer
    out of the match when it was asked. Granted, it made the contract `contract_id` (a light contract), or an exception
    for this child, until `valid_to`. It changes once: who, when and why stand with what was asked (`asked_…`) and what
    was decided (`decided_…`; an end is the service's). As in `requests`, the institution has no foreign key.
    """

    __tablename__ = "arrangements"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('light-contract', 'ceiling-exception', 'longer-distance', 'provider-consent')", name="kind"
        ),
        CheckConstraint("status IN ('asked', 'granted', 'refused', 'withdrawn', 'ended')", name="status"),
        CheckConstraint(
            "num_nulls(decided_at, decided_by, days_taken) = CASE status WHEN 'asked' THEN 3 ELSE 0 END", name="decided"
        ),
        CheckConstraint("status <> 'refused' OR decided_why IS NOT NULL", name="refused"),
        CheckConstraint("(status = 'ended') = (ended_because IS NOT NULL)", name="ended"),
        CheckConstraint("valid_to IS NULL OR status = 'granted'", name="valid_to"),
        CheckConstraint(
            "(contract_id IS NOT NULL) = (status = 'granted' AND kind = 'light-contract')", name="contract"
        ),
        Index(None, "organisation_id", "asked_at", "id"),
        Index(None, "region_code", "asked_at", "id"),
        Index(None, "provider_id", "asked_at", "id"),
        Index(None, "request_id"),
        Index(
            "uq_arrangements_request_id_offer_id_kind_asked",
            *("request_id", "offer_id", "kind"),
            unique=True,
            postgresql_where="status = 'asked'",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), nullable=False)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    institution: Mapped[str | None] = mapped_column(Text)
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offers.id"), nullable=False)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"), nullable=False)
    care_type: Mapped[str] = mapped_column(Text, nullable=False)
    kind: Mapped[Kind] = mapped_column(Text, nullable=False)
    reason: Mapped[Reason] = mapped_column(Text, nullable=False)
    age: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    gender: Mapped[ChildGender] = mapped_column(Text, nullable=False)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipalities.code"), nullable=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), nullable=False)
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    asked_why: Mapped[str] = mapped_column(Text, nullable=False)
    asked_at: Mapped[datetime] = mapped_column(nullable=False)
    asked_by: Mapped[str] = mapped_column(Text, nullable=False)
    amber_from: Mapped[date] = mapped_column(Date, nullable=False)
    due_on: Mapped[date] = mapped_column(Date, nullable=False)
    status: Mapped[Status] = mapped_column(Text, nullable=False)
    decided_at: Mapped[datetime | None] = mapped_column()
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_why: Mapped[str | None] = mapped_column(Text)
    days_taken: Mapped[int | None] = mapped_column(SmallInteger)
    valid_to: Mapped[date | None] = mapped_column(Date)
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contracts.id"))
    ended_because: Mapped[EndedBecause | None] = mapped_column(Text)

    def stands_on(self, day: date) -> bool:
        """Whether what was granted still holds on that day, its last one included."""
        return self.valid_to is None or day <= self.valid_to


@dataclass(frozen=True, slots=True)
class FullArrangement:
    """An arrangement with what is shown beside it: names, and the institution's own reference of the child."""

    arrangement: ArrangementRow
    offer_name: str
    provider_name: str
    child_reference: str
