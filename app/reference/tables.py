"""The reference data as tables, so that other tables can refer to it and insight can join it."""

from sqlalchemy import Boolean, Float, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table


class RegionRow(Table):
    """A jeugdregio."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, nullable=False)
    supraregion_code: Mapped[str | None] = mapped_column(Text)


class MunicipalityRow(Table):
    """A municipality."""

    __tablename__ = "municipalities"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, nullable=False)
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), nullable=False, index=True)


class PostcodeRow(Table):
    """A four-digit postcode."""

    __tablename__ = "postcodes"

    pc4: Mapped[str] = mapped_column(Text, primary_key=True)
    latitude: Mapped[float] = mapped_column(Float, nullable=False)
    longitude: Mapped[float] = mapped_column(Float, nullable=False)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipalities.code"), nullable=False)
    city: Mapped[str] = mapped_column(Text, nullable=False)


class CareTypeRow(Table):
    """A care type."""

    __tablename__ = "care_types"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_nl: Mapped[str] = mapped_column(Text, nullable=False)
    name_en: Mapped[str] = mapped_column(Text, nullable=False)
    cbs_form_code: Mapped[str] = mapped_column(Text, nullable=False)
    residential: Mapped[bool] = mapped_column(Boolean, nullable=False)
