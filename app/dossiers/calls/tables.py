"""Calls for help: what was asked, of whom, and everything that was answered."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.dossiers.calls.states import AnswerCode, ClosedBecause
from app.kit.database.tables import Table, VersionedTable
from app.ranking.model import ChildGender, ContractKind


class CallRow(VersionedTable):
    """A question to all contracted providers, as it was published; only whether it is closed changes.

    What providers get to see of the child stands in this row and nowhere else. As in `requests`, the institution has no
    foreign key. `institution` is NULL where its name would say where the child lives.
    """

    __tablename__ = "calls"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_because IS NULL)", name="closed"),
        CheckConstraint(
            "closed_because IN ('answered', 'withdrawn', 'request-closed', 'help-started')", name="closed_because"
        ),
        CheckConstraint("cardinality(care_types) > 0", name="care_types"),
        CheckConstraint("age_min <= age_max AND places > 0 AND sibling_count >= 0", name="numbers"),
        Index(None, "organisation_id", "published_at", "id"),
        Index(None, "request_id", "published_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), nullable=False)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    institution: Mapped[str | None] = mapped_column(Text)
    care_types: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    age_min: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    age_max: Mapped[int | None] = mapped_column(SmallInteger)
    gender: Mapped[ChildGender] = mapped_column(Text, nullable=False)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipalities.code"), nullable=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), nullable=False)
    has_measure: Mapped[bool] = mapped_column(Boolean, nullable=False)
    court_authorisation: Mapped[bool | None] = mapped_column(Boolean)
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    wishes: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    characteristics: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    wished_start: Mapped[date | None] = mapped_column(Date)
    deadline: Mapped[date] = mapped_column(Date, nullable=False)
    places: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    sibling_count: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    hours_per_week: Mapped[int | None] = mapped_column(SmallInteger)
    remark: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(nullable=False)
    respond_by: Mapped[date] = mapped_column(Date, nullable=False)
    closed_at: Mapped[datetime | None] = mapped_column()
    closed_because: Mapped[ClosedBecause | None] = mapped_column(Text)


class CallAddresseeRow(Table):
    """A provider that a call was put to, and the best contract that made it so.

    `municipality_code` is NULL where a contract of the whole region covers the child: then the provider need not know
    where in the region it lives. `answers` counts what it has answered; the last one stands.
    """

    __tablename__ = "call_addressees"
    __table_args__ = (
        CheckConstraint("contract_kind IN ('regional', 'supraregional', 'national', 'light')", name="contract_kind"),
        Index(None, "provider_id", "published_at", "call_id"),
    )

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("providers.id"), primary_key=True)
    published_at: Mapped[datetime] = mapped_column(nullable=False)
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipalities.code"))
    contract_kind: Mapped[ContractKind] = mapped_column(Text, nullable=False)
    ceiling_reached: Mapped[bool] = mapped_column(Boolean, nullable=False)
    answers: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0", default=0)


class CallAnswerRow(Table):
    """What a provider answered, for the `number`th time; a trigger refuses to change or delete it."""

    __tablename__ = "call_answers"
    __table_args__ = (
        ForeignKeyConstraint(["call_id", "provider_id"], ["call_addressees.call_id", "call_addressees.provider_id"]),
        UniqueConstraint("call_id", "provider_id", "number"),
        CheckConstraint("answer IN ('can', 'decline')", name="answer"),
        CheckConstraint("(answer = 'can') = (start_on IS NOT NULL)", name="can"),
        CheckConstraint("(answer = 'decline') = (decline_reason IS NOT NULL)", name="decline"),
        Index(None, "call_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    call_id: Mapped[UUID] = mapped_column(nullable=False)
    provider_id: Mapped[UUID] = mapped_column(nullable=False)
    number: Mapped[int] = mapped_column(Integer, nullable=False)
    at: Mapped[datetime] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)
    answer: Mapped[AnswerCode] = mapped_column(Text, nullable=False)
    start_on: Mapped[date | None] = mapped_column(Date)
    offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("offers.id"))
    places: Mapped[int | None] = mapped_column(SmallInteger)
    hours_per_week: Mapped[int | None] = mapped_column(SmallInteger)
    held_until: Mapped[date | None] = mapped_column(Date)
    conditions: Mapped[str | None] = mapped_column(Text)
    decline_reason: Mapped[str | None] = mapped_column(Text)
    decline_criteria: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    decline_specialisations: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    note: Mapped[str | None] = mapped_column(Text)
