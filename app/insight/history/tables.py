"""Versions of dossiers as triggers keep them, and what is made of these day by day: needs, referrals, escalations."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Identity,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATEMULTIRANGE, JSONB
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table

VersionOf = Literal["request", "referral", "child", "escalation"]

LAST_DAY = date(9999, 12, 31)
"""The end of what is still known so."""


class DossierVersionRow(Table):
    """A row of a dossier as it became at a moment: of a request, a referral, a child in one, or an escalation.

    Triggers write it whenever such a row is made or changed (migration 0026), with the `updated_at` that the row, or
    the child's referral, then has; free text and names are left out. Others refuse to change or delete it. Of a child
    in a referral `row_id` is the referral.
    """

    __tablename__ = "dossier_versions"
    __table_args__ = (
        CheckConstraint("kind IN ('request', 'referral', 'child', 'escalation')", name="kind"),
        Index(None, "at", "id"),
        Index(None, "kind", "row_id", "request_id", "id"),
        Index(None, "request_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[VersionOf] = mapped_column(Text, nullable=False)
    row_id: Mapped[UUID] = mapped_column(nullable=False)
    request_id: Mapped[UUID] = mapped_column(nullable=False)
    at: Mapped[datetime] = mapped_column(nullable=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)


class Known:
    """From which Dutch day what a row says was known, and until which it was: known on `known_from`, not on `known_to`.

    On each day what counts is what was known when it ended; of one that is still known `known_to` is `LAST_DAY`.
    """

    known_from: Mapped[date] = mapped_column(Date, primary_key=True)
    known_to: Mapped[date] = mapped_column(Date, nullable=False)


class NeedRow(Known, Table):
    """A need of help of one child: the first of its request (number 0), or one after help had to be sought anew.

    The child waits from `since` until `help_on` or `closed_on`. The `…_due` are the norms of the inspectorates, NULL
    where the measure carries none; those of the protection worker and the course are the first need's. `help_as` says
    what the help is: '1', '2' or '3' (the choice), 'alternative', 'outside', or 'said' where the institution says so
    itself and no referral shows it. `bridged` are the days on which something bridged the wait. `details` holds, in
    JSON, what is shown of one child: the steps of the ladder, the causes, and to whom it was referred, with their days.
    """

    __tablename__ = "insight_needs"
    __table_args__ = (
        PrimaryKeyConstraint("request_id", "number", "known_from"),
        Index(None, "region_code", "known_to", "since"),
        Index(None, "organisation_id", "known_to"),
        Index(None, "known_to", "since"),
        Index(None, "request_id"),
    )

    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    child_reference: Mapped[str] = mapped_column(Text, nullable=False)
    municipality_code: Mapped[str] = mapped_column(Text, nullable=False)
    region_code: Mapped[str] = mapped_column(Text, nullable=False)
    measure_type: Mapped[str | None] = mapped_column(Text)
    measure_kind: Mapped[str | None] = mapped_column(Text)
    imposed_on: Mapped[date | None] = mapped_column(Date)
    since: Mapped[date] = mapped_column(Date, nullable=False)
    care_types: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    worker_due: Mapped[date | None] = mapped_column(Date)
    worker_on: Mapped[date | None] = mapped_column(Date)
    course_due: Mapped[date | None] = mapped_column(Date)
    course_on: Mapped[date | None] = mapped_column(Date)
    help_due: Mapped[date | None] = mapped_column(Date)
    help_on: Mapped[date | None] = mapped_column(Date)
    help_as: Mapped[str | None] = mapped_column(Text)
    help_care_type: Mapped[str | None] = mapped_column(Text)
    help_provider_id: Mapped[UUID | None] = mapped_column()
    help_ended_on: Mapped[date | None] = mapped_column(Date)
    judged_professional: Mapped[str | None] = mapped_column(Text)
    judged_family: Mapped[str | None] = mapped_column(Text)
    closed_on: Mapped[date | None] = mapped_column(Date)
    closed_reason: Mapped[str | None] = mapped_column(Text)
    bridged: Mapped[MultiRange[date]] = mapped_column(DATEMULTIRANGE, nullable=False)
    explained: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)


class KnownReferralRow(Known, Table):
    """A child in a referral. Days are those on which something took effect; `answered_on` is that of the first answer.

    `answer` is how the provider decided last while the child was in: 'accepted', 'waitlisted', 'declined', or NULL;
    `decided_on` is when it did, save of 'waitlisted'. From `overdue_on` on a first answer is late. `over_on` is when
    the child was declined, withdrawn or taken out. Regions and provinces are the child's own, and those of the offer's
    location. `stayed_until` is when help that began was over: ended, or the dossier closed while it ran. Of a stay in
    residential care `next_stay_on` is when the child's next one began, `blocked_since` when blocked outflow was first
    said to be the cause during it, and `sought` are the days on which the child was referred to another. `secure_since`
    is the first day of an unbroken stay in secure care; `next_place_due` and `next_place_on` say, of the child's last,
    by when the place after it has to be known and since when it is.
    """

    __tablename__ = "insight_referrals"
    __table_args__ = (
        PrimaryKeyConstraint("request_id", "referral_id", "known_from"),
        Index(None, "region_code", "known_to", "sent_on"),
        Index(None, "provider_id", "known_to", "sent_on"),
        Index(None, "organisation_id", "known_to"),
        Index(None, "known_to", "sent_on"),
        Index(None, "request_id"),
    )

    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    referrer: Mapped[str] = mapped_column(Text, nullable=False)
    municipality_code: Mapped[str] = mapped_column(Text, nullable=False)
    region_code: Mapped[str] = mapped_column(Text, nullable=False)
    province_code: Mapped[str | None] = mapped_column(Text)
    provider_id: Mapped[UUID | None] = mapped_column()
    offer_id: Mapped[UUID | None] = mapped_column()
    offer_region_code: Mapped[str | None] = mapped_column(Text)
    offer_province_code: Mapped[str | None] = mapped_column(Text)
    care_type: Mapped[str | None] = mapped_column(Text)
    stands_for: Mapped[str] = mapped_column(Text, nullable=False)
    urgency: Mapped[str] = mapped_column(Text, nullable=False)
    despite: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    sent_on: Mapped[date] = mapped_column(Date, nullable=False)
    overdue_on: Mapped[date] = mapped_column(Date, nullable=False)
    answered_on: Mapped[date | None] = mapped_column(Date)
    is_answered_late: Mapped[bool] = mapped_column(Boolean, nullable=False)
    answer: Mapped[str | None] = mapped_column(Text)
    decided_on: Mapped[date | None] = mapped_column(Date)
    decline_reason: Mapped[str | None] = mapped_column(Text)
    decline_criteria: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    over_on: Mapped[date | None] = mapped_column(Date)
    is_withdrawn: Mapped[bool] = mapped_column(Boolean, nullable=False)
    accepted_on: Mapped[date | None] = mapped_column(Date)
    started_on: Mapped[date | None] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[str | None] = mapped_column(Text)
    stayed_until: Mapped[date | None] = mapped_column(Date)
    next_stay_on: Mapped[date | None] = mapped_column(Date)
    blocked_since: Mapped[date | None] = mapped_column(Date)
    sought: Mapped[MultiRange[date]] = mapped_column(DATEMULTIRANGE, nullable=False)
    secure_since: Mapped[date | None] = mapped_column(Date)
    next_place_due: Mapped[date | None] = mapped_column(Date)
    next_place_on: Mapped[date | None] = mapped_column(Date)


class KnownEscalationRow(Known, Table):
    """A step of the ladder that a child was put before, because of `cause`. `care_type` is that of its first choice.

    `over_on` is when something came out, or when help began or the dossier was closed before that. `outcome` is NULL
    until then: 'help', 'explanation', 'question', 'unsaid' where its kind is not said, or 'lapsed' where nothing came
    out. `raised_on` is the first day on which the child was put before a higher step after it.
    """

    __tablename__ = "insight_escalations"
    __table_args__ = (
        Index(None, "region_code", "known_to", "opened_on"),
        Index(None, "organisation_id", "known_to"),
        Index(None, "known_to", "opened_on"),
        Index(None, "request_id"),
    )

    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    escalation_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    municipality_code: Mapped[str] = mapped_column(Text, nullable=False)
    region_code: Mapped[str] = mapped_column(Text, nullable=False)
    care_type: Mapped[str] = mapped_column(Text, nullable=False)
    step: Mapped[str] = mapped_column(Text, nullable=False)
    cause: Mapped[str] = mapped_column(Text, nullable=False)
    opened_on: Mapped[date] = mapped_column(Date, nullable=False)
    over_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(Text)
    raised_on: Mapped[date | None] = mapped_column(Date)
    is_lesson: Mapped[bool] = mapped_column(Boolean, nullable=False)
