"""The judge itself finds what is wrong: each of these is a good object with one thing changed."""

from typing import Any

import pytest

from tests.standards.hsds.standard import errors_of

ID = "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"
UNIT = {"id": ID, "name": "Plek"}
CAPACITY = {"id": ID, "unit": UNIT, "available": 1, "updated": "2026-11-22T08:00:00.000Z"}
SERVICE = {"id": ID, "name": "Gezinshuis", "status": "active", "capacities": [CAPACITY]}


def test_a_good_service_has_no_errors() -> None:
    assert errors_of("service", SERVICE) == []


@pytest.mark.parametrize(
    "change",
    [
        {"id": "12"},
        {"name": None},
        {"status": "open"},
        {"email": "nobody"},
        {"organization": {"id": ID, "name": "De Vuurtoren"}},  # lacks its description
        {"organization": {"id": ID, "name": "Vuurtoren", "description": "Aanbieder", "website": "https://café.nl/a b"}},
        {"minimum_age": "4"},
        {"last_modified": "2026-11-22T08:00:00"},
        {"careType": "gezinshuis"},
        {"capacities": [{**CAPACITY, "updated": "2026-11-22"}]},
        {"capacities": [{**CAPACITY, "unit": "places"}]},
    ],
)
def test_what_is_wrong_is_found(change: dict[str, Any]) -> None:
    assert errors_of("service", SERVICE | change)
