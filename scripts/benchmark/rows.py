"""The rows of a data set as COPY takes them: a tuple each, in the order of these columns."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

Record = tuple[Any, ...]

COLUMNS: Final = {
    "providers": ("id", "name", "kvk_number", "intake_desk", "phone", "email", "website"),
    "locations": (
        "id",
        "provider_id",
        "key",
        "name",
        "street",
        "house_number",
        "postcode",
        "city",
        "municipality_code",
        "latitude",
        "longitude",
    ),
    "offers": (
        "id",
        "provider_id",
        "key",
        "name",
        "description",
        "care_type",
        "age_min",
        "age_max",
        "genders",
        "specialisations",
        "exclusion_criteria",
        "location_id",
        "at_home",
        "service_area",
        "needs_court_authorisation",
        "product_codes",
        "unit",
    ),
    "contracts": (
        "id",
        "provider_id",
        "kind",
        "regions",
        "municipalities",
        "care_types",
        "product_codes",
        "valid_from",
        "valid_to",
        "ceiling_reached",
        "ceiling_exempts_measure",
    ),
    "placement_stops": (
        "id",
        "provider_id",
        "location_id",
        "offer_id",
        "starts_on",
        "ends_on",
        "imposed_by",
        "region_code",
        "reason",
    ),
    "capacity_reports": (
        "offer_id",
        "places_total",
        "places_occupied",
        "places_reserved",
        "places_free",
        "waiting_count",
        "next_free_on",
        "wait_days_intake",
        "wait_days_treatment",
        "accepts_referrals",
        "note",
        "observed_at",
        "received_at",
        "client_id",
        "confirmation",
    ),
}
"""The tables that are loaded, in the order that their references ask for."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of each table of `COLUMNS`."""

    tables: dict[str, list[Record]] = field(default_factory=lambda: {table: [] for table in COLUMNS})

    def add(self, table: str, *values: Any) -> None:
        """Adds a row of that table, its values in the order of its columns."""
        self.tables[table].append(values)


def row_id(kind: str, number: int) -> UUID:
    """The id of a row; in SQL: `md5(kind || '/' || number)::uuid`."""
    return UUID(hashlib.md5(f"{kind}/{number}".encode(), usedforsecurity=False).hexdigest())
