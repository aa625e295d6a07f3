"""The reference data as it ships with the product: real code lists, regions, municipalities and postcodes.

Read once from `data/*.csv` (sources and licences: docs/data.md); immutable, so every worker and every
answer knows the same lists. `reference.loader` puts the same rows in the database for joins and foreign keys.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast

from app.domain.geo import Point
from app.domain.language import Text

DATA = Path(__file__).parent / "data"

MeasureKind = Literal["protection", "youth-probation", "preventive"]
"""Beleidsinformatie Jeugd: child protection (4.1.1), youth probation (4.2.1), or activities before a measure (4.4)."""


@dataclass(frozen=True, slots=True)
class CodeValue:
    """A code of one of our own lists, with its name; `external` is the iJw 3.2 code (WJ759, JZ588) where one fits."""

    code: str
    name: Text
    external: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What a certified institution carries out (Regeling Jeugdwet, bijlage 2)."""

    code: str
    kind: MeasureKind
    name: Text


@dataclass(frozen=True, slots=True)
class Supraregion:
    """Regions that work together above the region, for the purpose that its name says."""

    code: str
    name: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Institution:
    """A certified institution (GI) with the regions that contract it, of those whose regional plan says so."""

    name: str
    regions: tuple[str, ...]


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
    """A jeugdregio (CBS gebiedsindelingen), and the supraregions that it works together in, each for its purpose."""

    code: str
    name: str
    supraregions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality (CBS) and the jeugdregio that it belongs to."""

    code: str
    name: str
    province_code: str
    province_name: str
    region: str


@dataclass(frozen=True, slots=True)
class MergedMunicipality:
    """A municipality that is no more, since which year, and those of now that its area came to (CBS)."""

    code: str
    name: str
    successors: tuple[str, ...]
    since: int


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
    """All lists, each by code in the order of its file; institutions have no code, and are found by name.

    Nobody can change one, not even its order: all that is made of them is the same in every process. `cbs_forms` and
    `product_categories` give the Dutch name of a code: there is no other.
    """

    regions: Mapping[str, Region]
    supraregions: Mapping[str, Supraregion]
    municipalities: Mapping[str, Municipality]
    institutions: Mapping[str, Institution]
    merged_municipalities: Mapping[str, MergedMunicipality]
    postcodes: Mapping[str, PostcodeArea]
    cbs_forms: Mapping[str, str]
    product_categories: Mapping[str, str]
    care_types: Mapping[str, CareType]
    specialisations: Mapping[str, CodeValue]
    exclusion_criteria: Mapping[str, CodeValue]
    decline_reasons: Mapping[str, CodeValue]
    waiting_causes: Mapping[str, CodeValue]
    closing_reasons: Mapping[str, CodeValue]
    referrers: Mapping[str, CodeValue]
    measures: Mapping[str, Measure]
    product_codes: Mapping[str, ProductCode]

    def municipalities_of(self, region: str) -> list[str]:
        """The codes of the municipalities of a region."""
        return [each.code for each in self.municipalities.values() if each.region == region]

    def municipalities_in(
        self, *, regions: Iterable[str] = (), municipalities: Iterable[str] = (), supraregion: str | None = None
    ) -> list[str] | None:
        """The municipalities that are in one of these regions, in that supraregion and among those that are named, as
        far as each is asked: all that is said holds at once. None where nothing is asked."""
        conditions = [set(municipalities)] if municipalities else []
        if regions:
            conditions.append({code for region in regions for code in self.municipalities_of(region)})
        if supraregion is not None:
            inside = self.supraregions[supraregion].regions
            conditions.append({code for region in inside for code in self.municipalities_of(region)})
        return sorted(set.intersection(*conditions)) if conditions else None

    def regions_around(self, region: str) -> list[str]:
        """The region itself and those that it works together with in any supraregion, whatever for."""
        together = {code for each in self.regions[region].supraregions for code in self.supraregions[each].regions}
        return [code for code in self.regions if code == region or code in together]


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


def _grouped(name: str, by: str, what: str) -> dict[str, tuple[str, ...]]:
    """For each value of one column all that stand beside it in another, in the order of the file."""
    found: dict[str, list[str]] = {}
    for row in _rows(name):
        found.setdefault(row[by], []).append(row[what])
    return {value: tuple(beside) for value, beside in found.items()}


def _regions() -> dict[str, Region]:
    together = _grouped("supraregions", "region_code", "supraregion_code")
    return {row["code"]: Region(row["code"], row["name"], together.get(row["code"], ())) for row in _rows("regions")}


def _supraregions() -> dict[str, Supraregion]:
    names = {row["supraregion_code"]: row["supraregion_name"] for row in _rows("supraregions")}
    regions = _grouped("supraregions", "supraregion_code", "region_code")
    return {code: Supraregion(code, name, regions[code]) for code, name in names.items()}


def _institutions() -> dict[str, Institution]:
    found = _grouped("institutions", "institution", "region_code")
    return {name: Institution(name, regions) for name, regions in found.items()}


def _measures() -> dict[str, Measure]:
    return {
        row["code"]: Measure(row["code"], cast("MeasureKind", row["kind"]), Text(nl=row["name_nl"], en=row["name_en"]))
        for row in _rows("measures")
    }


def _municipalities() -> dict[str, Municipality]:
    return {
        row["code"]: Municipality(
            row["code"], row["name"], row["province_code"], row["province_name"], row["region_code"]
        )
        for row in _rows("municipalities")
    }


def _merged_municipalities() -> dict[str, MergedMunicipality]:
    return {
        row["code"]: MergedMunicipality(
            row["code"], row["name"], tuple(row["successor_codes"].split("|")), int(row["since"])
        )
        for row in _rows("merged_municipalities")
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
        regions=MappingProxyType(_regions()),
        supraregions=MappingProxyType(_supraregions()),
        municipalities=MappingProxyType(_municipalities()),
        institutions=MappingProxyType(_institutions()),
        merged_municipalities=MappingProxyType(_merged_municipalities()),
        postcodes=MappingProxyType(_postcodes()),
        cbs_forms=MappingProxyType({row["code"]: row["name_nl"] for row in _rows("cbs_forms")}),
        product_categories=MappingProxyType({row["code"]: row["name_nl"] for row in _rows("product_categories")}),
        care_types=MappingProxyType(_care_types()),
        specialisations=MappingProxyType(_code_values("specialisations")),
        exclusion_criteria=MappingProxyType(_code_values("exclusion_criteria")),
        decline_reasons=MappingProxyType(_code_values("decline_reasons")),
        waiting_causes=MappingProxyType(_code_values("waiting_causes")),
        closing_reasons=MappingProxyType(_code_values("closing_reasons")),
        referrers=MappingProxyType(_code_values("referrers")),
        measures=MappingProxyType(_measures()),
        product_codes=MappingProxyType(_product_codes()),
    )
