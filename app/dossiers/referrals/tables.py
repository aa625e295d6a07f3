"""Referrals: a request put to one offer, and everything that was decided on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.dossiers.arrangements.tables import ArrangementRow
from app.dossiers.referrals.obstacle_codes import Obstacle
from app.dossiers.referrals.states import EventCode, Side, Status
from app.dossiers.requests.tables import RequestRow
from app.kit.database.tables import Table, VersionedTable
from app.notifying.contacts.tables import ContactRow
from app.ranking.model import ChildGender
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import ProviderRow

OutsideKind = Literal["tailored", "light-contract"]
Urgency = Literal["crisis", "urgent", "regular"]
WithdrawnBecause = Literal["by-institution", "other-referral-started", "request-closed"]

Actor = Side | Literal["service"]


class ReferralRow(VersionedTable):
    """What was sent, and where it stands.

    What the provider gets to see of the child stands in this row and nowhere else. `offer_id` and `provider_id` are
    NULL for care outside the contracts. `counted` says that its places count in the offer's capacity: something had
    been reported when it was accepted. Which children it is for stands in `referral_children`; `request_id` is the one
    that it was sent from. `care_type` is the offer's when it was sent. As in `requests`, the institution has no foreign
    key.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        CheckConstraint("(stands_for = 'choice') = (choice IS NOT NULL)", name="choice"),
        CheckConstraint("(stands_for = 'outside') = (offer_id IS NULL)", name="offer"),
        CheckConstraint("(offer_id IS NULL) = (provider_id IS NULL)", name="provider"),
        CheckConstraint("(stands_for = 'outside') = (outside_kind IS NOT NULL)", name="outside"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_because IS NOT NULL)", name="withdrawn"),
        CheckConstraint("(status = 'declined') = (decline_reason IS NOT NULL)", name="declined"),
        CheckConstraint(
            "status IN ('sent', 'seen', 'accepted', 'waitlisted', 'declined', 'withdrawn', 'started', 'ended')",
            name="status",
        ),
        CheckConstraint("choice BETWEEN 1 AND 3 AND places > 0", name="numbers"),
        Index(None, "organisation_id", "sent_at", "id"),
        Index(None, "provider_id", "sent_at", "id"),
        Index(None, "offer_id", "sent_at", "id"),
        Index(None, "request_id", "sent_at", "id"),
        Index(None, "region_code"),
        Index("ix_referrals_open", "id", postgresql_where=text("status IN ('sent', 'seen', 'waitlisted', 'accepted')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), nullable=False)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    institution: Mapped[str | None] = mapped_column(Text)
    team: Mapped[str | None] = mapped_column(Text)
    offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("offers.id"))
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("providers.id"))
    stands_for: Mapped[str] = mapped_column(Text, nullable=False)
    choice: Mapped[int | None] = mapped_column(SmallInteger)
    choices_version: Mapped[int] = mapped_column(Integer, nullable=False)
    first_choice: Mapped[bool] = mapped_column(Boolean, nullable=False)
    care_type: Mapped[str | None] = mapped_column(Text)
    outside_kind: Mapped[OutsideKind | None] = mapped_column(Text)
    outside_description: Mapped[str | None] = mapped_column(Text)
    outside_provider: Mapped[str | None] = mapped_column(Text)
    age: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    gender: Mapped[ChildGender] = mapped_column(Text, nullable=False)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipalities.code"), nullable=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), nullable=False)
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    characteristics: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    urgency: Mapped[Urgency] = mapped_column(Text, nullable=False)
    wished_start: Mapped[date | None] = mapped_column(Date)
    places: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    remark: Mapped[str | None] = mapped_column(Text)
    ranking_id: Mapped[UUID | None] = mapped_column(ForeignKey("rankings.id"))
    sent_at: Mapped[datetime] = mapped_column(nullable=False)
    answer_due_on: Mapped[date] = mapped_column(Date, nullable=False)
    answer_due_at: Mapped[datetime] = mapped_column(nullable=False)
    status: Mapped[Status] = mapped_column(Text, nullable=False)
    counted: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false", default=False)
    accepted_on: Mapped[date | None] = mapped_column(Date)
    expected_start: Mapped[date | None] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    started_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[str | None] = mapped_column(Text)
    withdrawn_because: Mapped[WithdrawnBecause | None] = mapped_column(Text)
    decline_reason: Mapped[str | None] = mapped_column(Text)
    decline_criteria: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False, server_default="{}", default=list)
    decline_specialisations: Mapped[list[str]] = mapped_column(
        ARRAY(Text), nullable=False, server_default="{}", default=list
    )

    @property
    def is_bridging(self) -> bool:
        """Whether it only bridges the wait (overbrugging): its place counts, and the child waits on."""
        return self.stands_for == "bridging"


class ReferralChildRow(Table):
    """A child that a referral was sent for, and what it takes of the offer: `places`, one of each sibling's own.

    The days are those on which something took effect, the moments (`…_at`) those at which it was recorded: what counts
    in the figures follows from both (supply.capacity.place_movements). A child that was withdrawn or declined, alone or
    with the whole referral, has been released; `released_by` is the referral whose help started instead, and
    `is_taken_out` says that both sides agreed on it. Where only the acceptance was taken back, its place has been given
    back.
    """

    __tablename__ = "referral_children"
    __table_args__ = (
        CheckConstraint("places > 0", name="places"),
        CheckConstraint("(started_on IS NULL) = (started_at IS NULL)", name="started"),
        CheckConstraint("(ended_on IS NULL) = (ended_at IS NULL)", name="ended"),
        Index(None, "request_id"),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.id"), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    places: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    reserved_at: Mapped[datetime | None] = mapped_column()
    given_back_at: Mapped[datetime | None] = mapped_column()
    released_at: Mapped[datetime | None] = mapped_column()
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("referrals.id"))
    is_taken_out: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false", default=False)
    started_on: Mapped[date | None] = mapped_column(Date)
    started_at: Mapped[datetime | None] = mapped_column()
    ended_on: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column()
    end_reason: Mapped[str | None] = mapped_column(Text)

    @property
    def is_in(self) -> bool:
        """Whether the referral is still for this child: neither released nor ended."""
        return self.released_at is None and self.ended_on is None


class ReferralEventRow(Table):
    """Who did what when to a referral; a trigger refuses to change or delete it.

    `actor` is the side that decided, or `service` where it followed from something else. `details` holds what was said
    with the decision.
    """

    __tablename__ = "referral_events"
    __table_args__ = (Index(None, "referral_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.id"), nullable=False)
    at: Mapped[datetime] = mapped_column(nullable=False)
    actor: Mapped[Actor] = mapped_column(Text, nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)
    decision: Mapped[EventCode] = mapped_column(Text, nullable=False)
    status: Mapped[Status] = mapped_column(Text, nullable=False)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)


class DespiteRow(Table):
    """Why a referral was made, accepted or started although the match would leave its offer out, for one reason.

    A trigger refuses to change or delete it.
    """

    __tablename__ = "referral_despites"
    __table_args__ = (
        CheckConstraint("actor IN ('provider', 'institution')", name="actor"),
        Index(None, "referral_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.id"), nullable=False)
    reason: Mapped[Obstacle] = mapped_column(Text, nullable=False)
    because: Mapped[str] = mapped_column(Text, nullable=False)
    actor: Mapped[Side] = mapped_column(Text, nullable=False)
    at: Mapped[datetime] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)


class ConcernRow(Table):
    """What came to stand in the way of a referral, from when it was found until it was seen to be over (`gone_at`).

    Of one there is one row, which the partial index guards, so that it is told once.
    """

    __tablename__ = "referral_concerns"
    __table_args__ = (Index(None, "referral_id", "reason", unique=True, postgresql_where=text("gone_at IS NULL")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.id"), nullable=False)
    reason: Mapped[Obstacle] = mapped_column(Text, nullable=False)
    found_at: Mapped[datetime] = mapped_column(nullable=False)
    gone_at: Mapped[datetime | None] = mapped_column()


class JudgedReferralRow(Table):
    """For which day an open referral was last judged; NULL, or no row, where it has to be. Only the job writes here."""

    __tablename__ = "judged_referrals"

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.id"), primary_key=True)
    judged_on: Mapped[date | None] = mapped_column(Date)


class ConcernProgressRow(Table):
    """How far the referrals have been judged by the changes: one row, which whoever goes on with it holds.

    `position` (pg_snapshot) is that of the last time; NULL before the first.
    """

    __tablename__ = "concern_progress"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class FullReferral:
    """A referral with the offer that it was made to, its children, and the institution's own reference of the child.

    `despite` is what was said for it, the first first; `concerns` is what was found to stand in its way and is not
    over; `requests` are those of its children, and `exceptions` what was granted for these, still standing or not.
    `elsewhere` are the requests of those children that have gone to another institution than the referral. `sender` is
    how the institution is reached.
    """

    referral: ReferralRow
    offer: OfferRow | None
    provider: ProviderRow | None
    child_reference: str
    children: list[ReferralChildRow]
    despite: list[DespiteRow]
    concerns: Sequence[ConcernRow]
    requests: Mapping[UUID, RequestRow]
    exceptions: Sequence[ArrangementRow]
    elsewhere: set[UUID]
    sender: ContactRow | None
