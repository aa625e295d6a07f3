"""The reference data as it ships with the product: real code lists, regions, municipalities and postcodes.

Read once from `data/*.csv` (sources and licences: docs/data.md); immutable, so every worker and every
answer knows the same lists. `reference.loader` puts the same rows in the database for joins and foreign keys.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.domain.geo import Point
from app.domain.language import Text

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class CodeValue:
    """A code of one of our own lists, with its name; `external` is the iJw 3.2 code (WJ759, JZ588) where one fits."""

    code: str
    name: Text
    external: str | None = None


@dataclass(frozen=True, slots=True)
class CareType:
    """A form of help that a referrer searches by, tied to one CBS form and to iJw categories (JZ020)."""

    code: str
    name: Text
    cbs_form_code: str
    category_codes: tuple[str, ...]
    residential: bool
    crisis: bool
    needs_court_authorisation: bool


@dataclass(frozen=True, slots=True)
class Region:
    """A jeugdregio (CBS gebiedsindelingen), and the supraregion that it works together in, if any."""

    code: str
    name: str
    supraregion: str | None


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality (CBS) and the jeugdregio that it belongs to."""

    code: str
    name: str
    province_code: str
    province_name: str
    region: str


@dataclass(frozen=True, slots=True)
class PostcodeArea:
    """A four-digit postcode with the point in its middle (WGS84); a border postcode has one municipality only."""

    pc4: str
    point: Point
    municipality: str
    city: str


@dataclass(frozen=True, slots=True)
class ProductCode:
    """A standard product code (JZ21); municipalities may define their own beside these."""

    code: str
    name: str
    category_code: str
    category_name: str | None
    cbs_form_code: str | None


@dataclass(frozen=True, slots=True)
class Reference:
    """All lists, each by code in the order of its file."""

    regions: dict[str, Region]
    supraregions: dict[str, str]
    municipalities: dict[str, Municipality]
    postcodes: dict[str, PostcodeArea]
    care_types: dict[str, CareType]
    specialisations: dict[str, CodeValue]
    exclusion_criteria: dict[str, CodeValue]
    decline_reasons: dict[str, CodeValue]
    waiting_causes: dict[str, CodeValue]
    closing_reasons: dict[str, CodeValue]
    product_codes: dict[str, ProductCode]

    def municipalities_of(self, region: str) -> list[str]:
        """The codes of the municipalities of a region."""
        return [each.code for each in self.municipalities.values() if each.region == region]

    def regions_around(self, region: str) -> list[str]:
        """The region itself and those that it works together with in a supraregion."""
        supraregion = self.regions[region].supraregion
        if supraregion is None:
            return [region]
        return [each.code for each in self.regions.values() if each.supraregion == supraregion]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _code_values(name: str) -> dict[str, CodeValue]:
    return {
        row["code"]: CodeValue(
            row["code"],
            Text(nl=row["name_nl"], en=row["name_en"]),
            row.get("iwj_wj759") or row.get("ijw_jz588") or None,
        )
        for row in _rows(name)
    }


def _care_types() -> dict[str, CareType]:
    return {
        row["code"]: CareType(
            code=row["code"],
            name=Text(nl=row["name_nl"], en=row["name_en"]),
            cbs_form_code=row["cbs_form_code"],
            category_codes=tuple(row["category_codes"].split("|")),
            residential=row["residential"] == "true",
            crisis=row["crisis"] == "true",
            needs_court_authorisation=row["needs_court_authorisation"] == "true",
        )
        for row in _rows("care_types")
    }


def _postcodes() -> dict[str, PostcodeArea]:
    return {
        row["pc4"]: PostcodeArea(
            row["pc4"],
            Point(float(row["latitude"]), float(row["longitude"])),
            row["municipality_code"],
            row["city"],
        )
        for row in _rows("postcodes")
    }


def _regions() -> dict[str, Region]:
    together = {row["region_code"]: row["supraregion_code"] for row in _rows("supraregions")}
    return {row["code"]: Region(row["code"], row["name"], together.get(row["code"])) for row in _rows("regions")}


def _municipalities() -> dict[str, Municipality]:
    return {
        row["code"]: Municipality(
            row["code"], row["name"], row["province_code"], row["province_name"], row["region_code"]
        )
        for row in _rows("municipalities")
    }


def _product_codes() -> dict[str, ProductCode]:
    return {
        row["code"]: ProductCode(
            row["code"],
            row["name"],
            row["category_code"],
            row["category_name"] or None,
            row["cbs_form_code"] or None,
        )
        for row in _rows("product_codes")
    }


@cache
def reference() -> Reference:
    """The lists, read when first asked for."""
    return Reference(
        regions=_regions(),
        supraregions={row["supraregion_code"]: row["supraregion_name"] for row in _rows("supraregions")},
        municipalities=_municipalities(),
        postcodes=_postcodes(),
        care_types=_care_types(),
        specialisations=_code_values("specialisations"),
        exclusion_criteria=_code_values("exclusion_criteria"),
        decline_reasons=_code_values("decline_reasons"),
        waiting_causes=_code_values("waiting_causes"),
        closing_reasons=_code_values("closing_reasons"),
        product_codes=_product_codes(),
    )
