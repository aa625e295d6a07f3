"""Proposals that were asked for, and what each proposes for each child."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.allocation.model import Method
from app.dossiers.proposals.states import Chosen, Failure, Places, Status
from app.kit.database.tables import Table


class RegionalProposalRow(Table):
    """A proposal: what was asked, how far it is, and what came out.

    It is of one region (`region_code`) or one supraregion, whose `organisation_id` asked. `done` of `total` children
    are ranked; `attempts` counts how often its making began. `case_file` is the whole case with its outcome, as
    compressed JSON (zlib) in the shape that `wijzer propose` reads; in it children are called k1, k2 and so on, and
    which child that is stands in the lines alone. It is emptied where a dossier that is in it is erased. `result` is
    what of the outcome is of no child.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("num_nonnulls(region_code, supraregion) = 1", name="owner"),
        CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", name="status"),
        CheckConstraint("children IN ('waiting', 'over-norm', 'listed')", name="children"),
        CheckConstraint("places IN ('free', 'soon')", name="places"),
        CheckConstraint("method IN ('stable', 'least-lateness')", name="method"),
        Index(None, "region_code", "asked_at", "id"),
        Index(None, "supraregion", "asked_at", "id"),
        Index(None, "asked_at"),
        Index("ix_proposals_unfinished", "asked_at", postgresql_where=text("status IN ('queued', 'running')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(nullable=False)
    client_id: Mapped[str] = mapped_column(Text, nullable=False)
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    supraregion: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(nullable=False)
    children: Mapped[Chosen] = mapped_column(Text, nullable=False)
    places: Mapped[Places] = mapped_column(Text, nullable=False)
    horizon_days: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    method: Mapped[Method] = mapped_column(Text, nullable=False)
    seed: Mapped[int] = mapped_column(BigInteger, nullable=False)
    changes: Mapped[int] = mapped_column(SmallInteger, nullable=False)
    status: Mapped[Status] = mapped_column(Text, nullable=False)
    attempts: Mapped[int] = mapped_column(SmallInteger, nullable=False, server_default="0", default=0)
    done: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0", default=0)
    total: Mapped[int | None] = mapped_column(Integer)
    made_at: Mapped[datetime | None] = mapped_column()
    today: Mapped[date | None] = mapped_column(Date)
    failure: Mapped[Failure | None] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    report: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    case_file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class ProposalLineRow(Table):
    """A child of a proposal, and what is proposed for it; before it is made, a child that was listed.

    `number` is what it is called in the case: 7 for k7. Of a child without a place `offer_id` and what goes with it is
    NULL, and `helps` is the one change that would help it.
    """

    __tablename__ = "proposal_lines"
    __table_args__ = (
        CheckConstraint("choice BETWEEN 1 AND 3", name="choice"),
        UniqueConstraint("proposal_id", "number"),
        Index(None, "request_id"),
    )

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    number: Mapped[int | None] = mapped_column(Integer)
    in_crisis: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false", default=False)
    offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("offers.id"))
    choice: Mapped[int | None] = mapped_column(SmallInteger)
    starts_on: Mapped[date | None] = mapped_column(Date)
    days_late: Mapped[int | None] = mapped_column(Integer)
    rank: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    helps: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
