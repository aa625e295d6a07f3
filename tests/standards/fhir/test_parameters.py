"""How the values of search parameters are read."""

from datetime import UTC, datetime

import pytest

from app.kit.errors import InvalidInputError
from app.standards.fhir.parameters import (
    PARAMETERS,
    Span,
    Token,
    definition,
    read,
)

BASE = "http://test/fhir"


@pytest.mark.parametrize(
    ("given", "prefix", "start", "end"),
    [
        ("2026", "eq", "2025-12-31T23:00:00", "2026-12-31T23:00:00"),
        ("ge2026-11", "ge", "2026-10-31T23:00:00", "2026-11-30T23:00:00"),
        ("lt2024-02-29", "lt", "2024-02-28T23:00:00", "2024-02-29T23:00:00"),
        ("2026-03-29", "eq", "2026-03-28T23:00:00", "2026-03-29T22:00:00"),  # the day of 23 hours
        ("2026-10-25", "eq", "2026-10-24T22:00:00", "2026-10-25T23:00:00"),  # the day of 25 hours
        ("2026-11-22T10:00", "eq", "2026-11-22T10:00:00", "2026-11-22T10:01:00"),
        ("gt2026-11-22T10:00:00Z", "gt", "2026-11-22T10:00:00", "2026-11-22T10:00:01"),
        ("ne2026-11-22T10:00:00.5+01:00", "ne", "2026-11-22T09:00:00.500000", "2026-11-22T09:00:00.600000"),
        ("2026-11-22T10:00:00.123456Z", "eq", "2026-11-22T10:00:00.123456", "2026-11-22T10:00:00.123457"),
        ("2026-11-22T10:00:00.123456789Z", "eq", "2026-11-22T10:00:00.123456", "2026-11-22T10:00:00.123457"),
    ],
)
def test_a_date_is_the_span_that_its_precision_says(given: str, prefix: str, start: str, end: str) -> None:
    condition = read("Location", "_lastUpdated", given, BASE)
    assert condition is not None
    expected = Span(prefix, *(datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (start, end)))
    assert condition.values == (expected,)


@pytest.mark.parametrize(
    "given",
    [
        *("gisteren", "ap2026", "26-1-1", "2026-13", "2026-02-30", "0000", "9999", "9999-12-31", "²026"),
        *("2026-11-22T25:00:00Z", "0001-01-01T00:00:00+14:00", "2026-11-22T10", "2026-11-22 10:00:00"),
        *("2026-11-22T10:00:00+0100", "2026-11-22T10:00:00-00:00", "2026-11-22t10:00:00Z", "2026-11-22T10:00:00z"),
        "2026-11-22T10:00:00 01:00",
    ],
)
def test_a_date_that_cannot_be(given: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read("Location", "_lastUpdated", given, BASE)
    assert raised.value.errors[0].pointer == "#/query/_lastUpdated"


@pytest.mark.parametrize(
    ("given", "tokens"),
    [
        ("a", [Token(None, "a")]),
        ("s|a", [Token("s", "a")]),
        ("|a", [Token("", "a")]),
        ("s|", [Token("s", None)]),
        (r"s|a\,b\|c,d", [Token("s", "a,b|c"), Token(None, "d")]),
        ("s|a|b", [Token("s", "a|b")]),
        (",a,", [Token(None, "a")]),
    ],
)
def test_tokens(given: str, tokens: list[Token]) -> None:
    condition = read("Organization", "identifier", given, BASE)
    assert condition is not None
    assert list(condition.values) == tokens


@pytest.mark.parametrize("name", ["name:missing", "name:Location", "active:not", "organization:Location", "_id:exact"])
def test_a_modifier_that_is_not_known_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError):
        read("HealthcareService", name, "x", BASE)


def test_definitions_are_those_of_the_standard() -> None:
    assert definition("Location", "_id") == "http://hl7.org/fhir/SearchParameter/Resource-id"
    assert definition("HealthcareService", "service-type").endswith("/SearchParameter/HealthcareService-service-type")
    assert all(PARAMETERS.values())
