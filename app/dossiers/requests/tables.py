"""Requests: the dossiers of children, without anything that says who they are."""

from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.dossiers.requests.clock_model import ClockName, first
from app.kit.database.tables import Table, VersionedTable
from app.ranking.model import ChildGender

ERASED: Final = UUID(int=0)
"""What stands, in what goes on without it, in the place of the id of a request that was erased."""

May = Literal["read", "escalate"]
Judge = Literal["professional", "family"]
Fits = Literal["yes", "partly", "no"]

_STATUS = (
    "CASE WHEN closed_reason IS NOT NULL THEN 'closed' WHEN help_on IS NOT NULL THEN 'helped' "
    "WHEN placed_on IS NOT NULL THEN 'placed' ELSE 'open' END"
)


class RequestRow(VersionedTable):
    """What help is looked for, for one child, kept by one institution or local team.

    `status` follows from what has happened. `placed_on`, `help_started_on` and `bridging_started_on` follow from the
    referrals; what started before `needed_again_on` counts no more. `help_on` is the first of `help_started_on` and of
    what the institution says itself (`help_said_on`), and so is `bridged_on` of what bridges the wait.
    `secure_since`, `secure_left_on` and `next_place_found_on` follow from the referrals too, as does
    `secure_offer_id`, the secure place that the child has or has been promised.
    `norm_amber_from` and `norm_red_from` are the first days on which one of the inspectorates' clocks that still run is
    amber or red; `requests.history` keeps them. The owner has no foreign key: the organisations of an external issuer
    need not be registered here.
    """

    __tablename__ = "requests"
    __table_args__ = (
        CheckConstraint("(measure_type IS NULL) = (measure_imposed_on IS NULL)", name="measure"),
        CheckConstraint("(closed_reason IS NULL) = (closed_on IS NULL)", name="closed"),
        CheckConstraint("gender IN ('female', 'male', 'other', 'unknown')", name="gender"),
        UniqueConstraint("organisation_id", "child_reference"),
        Index(None, "organisation_id", "requested_on", "id"),
        Index(None, "organisation_id", "sibling_group", postgresql_where="sibling_group IS NOT NULL"),
        Index(None, "region_code", "norm_red_from", "id"),
        Index(None, "region_code", "expert_team_on", "id", postgresql_where="expert_team_on IS NOT NULL"),
    )
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 - SQLAlchemy declares it as it is

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    child_reference: Mapped[str] = mapped_column(Text, nullable=False)
    care_worker: Mapped[str | None] = mapped_column(Text)
    team: Mapped[str | None] = mapped_column(Text)
    birth_month: Mapped[str] = mapped_column(Text, nullable=False)
    gender: Mapped[ChildGender] = mapped_column(Text, nullable=False)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipalities.code"), nullable=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), nullable=False)
    postcode: Mapped[str | None] = mapped_column(Text)
    measure_type: Mapped[str | None] = mapped_column(Text)
    measure_imposed_on: Mapped[date | None] = mapped_column(Date)
    measure_informed_on: Mapped[date | None] = mapped_column(Date)
    measure_started_on: Mapped[date | None] = mapped_column(Date)
    court_authorisation: Mapped[bool] = mapped_column(Boolean, nullable=False)
    court_authorisation_until: Mapped[date | None] = mapped_column(Date)
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False)
    choices_version: Mapped[int] = mapped_column(Integer, nullable=False)
    first_choice: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    wishes: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    characteristics: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    places: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    sibling_group: Mapped[str | None] = mapped_column(Text)
    needed_by: Mapped[date | None] = mapped_column(Date)
    extended_help: Mapped[bool] = mapped_column(Boolean, nullable=False)
    requested_on: Mapped[date] = mapped_column(Date, nullable=False)
    protection_worker_on: Mapped[date | None] = mapped_column(Date)
    course_on: Mapped[date | None] = mapped_column(Date)
    placed_on: Mapped[date | None] = mapped_column(Date)
    help_said_on: Mapped[date | None] = mapped_column(Date)
    help_started_on: Mapped[date | None] = mapped_column(Date)
    help_on: Mapped[date | None] = mapped_column(Date)
    needed_again_on: Mapped[date | None] = mapped_column(Date)
    bridging_said_on: Mapped[date | None] = mapped_column(Date)
    bridging_started_on: Mapped[date | None] = mapped_column(Date)
    bridged_on: Mapped[date | None] = mapped_column(Date)
    secure_since: Mapped[date | None] = mapped_column(Date)
    secure_left_on: Mapped[date | None] = mapped_column(Date)
    secure_offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("offers.id"))
    next_place_said_on: Mapped[date | None] = mapped_column(Date)
    next_place_found_on: Mapped[date | None] = mapped_column(Date)
    local_team_on: Mapped[date | None] = mapped_column(Date)
    expert_team_on: Mapped[date | None] = mapped_column(Date)
    escalated_to: Mapped[str | None] = mapped_column(Text)
    closed_reason: Mapped[str | None] = mapped_column(Text)
    closed_on: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str] = mapped_column(Text, Computed(_STATUS, persisted=True), nullable=False)
    norm_amber_from: Mapped[date | None] = mapped_column(Date)
    norm_red_from: Mapped[date | None] = mapped_column(Date)

    def is_authorised_on(self, day: date) -> bool:
        """Whether a judge's authorisation of secure care stands on that day; its last day is in it."""
        until = self.court_authorisation_until
        return self.court_authorisation and (until is None or day <= until)

    @property
    def next_place_on(self) -> date | None:
        """When a place after secure care was known: promised by a provider or as the institution says itself."""
        return first(self.next_place_said_on, self.next_place_found_on)


class ChoiceVersionRow(Table):
    """The choices as they were stated at one time; a trigger refuses to change or delete it."""

    __tablename__ = "choice_versions"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False)
    stated_at: Mapped[datetime] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)


class RequestEventRow(Table):
    """Who did what when to a request; a trigger refuses to change or delete it.

    `changes` lists what is different: the field's name, and its old and new value.
    """

    __tablename__ = "request_events"
    __table_args__ = (Index(None, "request_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), nullable=False)
    at: Mapped[datetime] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)
    what: Mapped[str] = mapped_column(Text, nullable=False)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False)


class ExplanationRow(Table):
    """Why a clock went red ("comply or explain"); a trigger refuses to change or delete it."""

    __tablename__ = "explanations"
    __table_args__ = (Index(None, "request_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), nullable=False)
    clock: Mapped[ClockName] = mapped_column(Text, nullable=False)
    cause: Mapped[str] = mapped_column(Text, nullable=False)
    text: Mapped[str] = mapped_column(Text, nullable=False)
    at: Mapped[datetime] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)


class ReopeningRow(Table):
    """That help was needed again after it broke down or did not fit; a trigger refuses to change or delete it.

    `helped_on` is when the help began that counts no more.
    """

    __tablename__ = "reopenings"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    needed_again_on: Mapped[date] = mapped_column(Date, nullable=False)
    why: Mapped[str] = mapped_column(Text, nullable=False)
    helped_on: Mapped[date] = mapped_column(Date, nullable=False)
    at: Mapped[datetime] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)


class JudgementRow(Table):
    """Whether the help fits, as somebody judged it on a day; a trigger refuses to change or delete it."""

    __tablename__ = "judgements"
    __table_args__ = (
        CheckConstraint("\"by\" IN ('professional', 'family')", name="by"),
        CheckConstraint("fits IN ('yes', 'partly', 'no')", name="fits"),
        Index(None, "request_id", "on", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), nullable=False)
    by: Mapped[Judge] = mapped_column(Text, nullable=False)
    fits: Mapped[Fits] = mapped_column(Text, nullable=False)
    on: Mapped[date] = mapped_column(Date, nullable=False)
    word: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)


class ProposalRow(Table):
    """A characteristic that a provider named when it declined the child, for the institution to take over or dismiss.

    It stands until `gone_at`: it was dismissed, or the decline was taken back.
    """

    __tablename__ = "characteristic_proposals"
    __table_args__ = (
        CheckConstraint("gone_because IN ('dismissed', 'decline-taken-back')", name="gone_because"),
        CheckConstraint("(gone_at IS NULL) = (gone_because IS NULL)", name="gone"),
        Index(None, "request_id", "id"),
        Index(None, "referral_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), nullable=False)
    code: Mapped[str] = mapped_column(Text, nullable=False)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.id"), nullable=False)
    provider_name: Mapped[str | None] = mapped_column(Text)
    proposed_on: Mapped[date] = mapped_column(Date, nullable=False)
    gone_at: Mapped[datetime | None] = mapped_column()
    gone_because: Mapped[str | None] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(Text)


class RequestShareRow(VersionedTable):
    """A local team that a request of another is shared with.

    `may` is what the institution lets it do (NULL: it was taken back); `asked` says that an open escalation asks this
    team, which reads and escalates for as long as that is so. Who let it in when is in the history of the request.
    """

    __tablename__ = "request_shares"
    __table_args__ = (
        CheckConstraint("may IN ('read', 'escalate')", name="may"),
        Index(None, "organisation_id"),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    may: Mapped[May | None] = mapped_column(Text)
    asked: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false", default=False)
