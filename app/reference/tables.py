"""The part of the reference data that other tables refer to or that statements join; the rest is in memory only."""

from sqlalchemy import Boolean, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table


class RegionRow(Table):
    """A jeugdregio."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, nullable=False)


class MunicipalityRow(Table):
    """A municipality."""

    __tablename__ = "municipalities"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, nullable=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), nullable=False, index=True)


class CareTypeRow(Table):
    """A care type."""

    __tablename__ = "care_types"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_nl: Mapped[str] = mapped_column(Text, nullable=False)
    name_en: Mapped[str] = mapped_column(Text, nullable=False)
    cbs_form_code: Mapped[str] = mapped_column(Text, nullable=False)
    residential: Mapped[bool] = mapped_column(Boolean, nullable=False)
