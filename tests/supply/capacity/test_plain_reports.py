"""What is read in one pass is what the schema reads, and what is shown as plain JSON is what the schema shows."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError

from app.kit.errors import InvalidInputError
from app.kit.json_bytes import to_json
from app.kit.json_text import read_json
from app.supply.capacity import service
from app.supply.capacity.plain_reports import read_report
from app.supply.capacity.schemas import CapacityIn, WholeReport
from app.supply.capacity.tables import StandingReport
from tests.now import NOW

PLACES: list[object] = [0, 3, 2.5, 3.0, 100_000, 100_001, -1, None, True, "3", 10**30]
DAYS: list[object] = [0, 14, 3_650, 3_651, 2.0, None, "2", -1]
FIELDS: dict[str, list[object]] = {
    "placesTotal": PLACES,
    "placesOccupied": PLACES,
    "placesReserved": PLACES,
    "placesFree": [0, 2, 1.5, 3.0, None, False, 100_001],
    "waitingCount": PLACES,
    "nextFreeOn": ["2026-12-14", "1899-12-31", "2999-12-31", "3000-01-01", "2026-02-30", "20261214", 5, None],
    "waitDaysIntake": DAYS,
    "waitDaysTreatment": DAYS,
    "acceptsReferrals": [True, False, None, 1, "true"],
    "note": [
        "Plek op groep Noord.",
        "",
        " ",
        "vol ",
        "vol\n",
        "bel 06 12345678",
        "123456782",
        "\u0661",
        "a" * 2_001,
        None,
    ],
    "observedAt": ["2026-11-22T09:00:00+01:00", None],
    "extra": [1],
}
BODIES = some.fixed_dictionaries(
    {"placesFree": some.sampled_from([0, 2, *FIELDS["placesFree"]])},
    optional={name: some.sampled_from(values) for name, values in FIELDS.items() if name != "placesFree"},
)


def _as_schema(raw: bytes) -> WholeReport | None:
    try:
        return CapacityIn.model_validate(read_json(raw)).whole()
    except (InvalidInputError, ValidationError):
        return None


@given(body=BODIES, mark=some.sampled_from([b"", b"\xef\xbb\xbf", b" "]))
def test_a_plain_report_is_read_as_its_schema_does(body: dict[str, Any], mark: bytes) -> None:
    raw = mark + json.dumps(body).encode()
    plain = read_report(raw)
    if plain is None:
        return
    schema = _as_schema(raw)
    if schema is None:  # more than there is: for `figures.check`, which the writer asks of both
        assert (
            sum(body.get(name) or 0 for name in ("placesOccupied", "placesReserved", "placesFree"))
            > body["placesTotal"]
        )
        return
    assert (plain.figures, plain.observed_at) == (schema.figures, schema.observed_at)
    assert set(plain.named) == set(schema.named)


@pytest.mark.parametrize(
    "body",
    [
        {"placesFree": 1},
        {"placesTotal": 8, "placesOccupied": 6, "placesReserved": 1, "placesFree": 1, "waitingCount": 0},
        {"placesFree": 1, "nextFreeOn": None, "note": "Plek op groep Noord.", "acceptsReferrals": True},
    ],
)
def test_what_systems_send_is_plain(body: dict[str, Any]) -> None:
    assert read_report(json.dumps(body).encode()) is not None


@pytest.mark.parametrize("raw", [b'{"placesFree":1,"placesFree":2}', b"[]", b"", b'{"placesFree":1}\xff'])
def test_what_is_ambiguous_is_not_plain(raw: bytes) -> None:
    assert read_report(raw) is None


AMOUNTS = some.sampled_from([None, 0.0, 1.0, 2.5])
COUNTS = some.sampled_from([None, 0, 3])
MOMENTS = some.sampled_from([NOW, NOW + timedelta(microseconds=5), datetime(2026, 1, 1, 12, 30, 5, tzinfo=UTC)])
STANDING = some.builds(
    StandingReport,
    offer_id=some.just(UUID(int=7)),
    report_id=some.just(1),
    places_total=AMOUNTS,
    places_occupied=AMOUNTS,
    places_reserved=AMOUNTS,
    places_free=some.sampled_from([0.0, 1.0, 2.5]),
    waiting_count=COUNTS,
    next_free_on=some.sampled_from([None, date(2026, 1, 1), date(2027, 1, 1)]),
    wait_days_intake=COUNTS,
    wait_days_treatment=COUNTS,
    accepts_referrals=some.booleans(),
    note=some.sampled_from([None, 'één "plek"\n\u2028']),
    observed_at=MOMENTS,
    received_at=MOMENTS,
    confirmation=some.booleans(),
    counted_at=MOMENTS | some.none(),
    difference=AMOUNTS,
)


@given(standing=STANDING, language=some.sampled_from(["nl", "en"]))
def test_a_report_is_shown_as_its_schema_does(standing: StandingReport, language: Any) -> None:
    shown = to_json(service.capacity_shown(standing, language))
    assert shown == to_json(service.capacity_out(standing, language))
