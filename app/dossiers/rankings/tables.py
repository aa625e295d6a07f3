"""Rankings as they were shown for a request."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table
from app.ranking.model import Policy


class RankingRow(Table):
    """A ranking's case with its outcome, as compressed JSON (zlib) in the shape that `wijzer rank` reads.

    The same case shown again is the same row. `rules` is the version of the ranking's rules that it was made by, and
    that alone makes it again. `kept` says that a referral names it: the others are pruned.
    """

    __tablename__ = "rankings"
    __table_args__ = (
        Index(None, "request_id", "shown_at", "id"),
        Index(None, "shown_at", postgresql_where="NOT kept"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("requests.id"), nullable=False)
    shown_at: Mapped[datetime] = mapped_column(nullable=False)
    product_version: Mapped[str] = mapped_column(Text, nullable=False)
    rules: Mapped[int] = mapped_column(SmallInteger, nullable=False, server_default="1")
    policy: Mapped[Policy] = mapped_column(Text, nullable=False)
    case_file: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    kept: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false", default=False)
