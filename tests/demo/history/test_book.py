"""The dossiers of the past, without a database: all sorts of things happened, in an order that they can have."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.demo.data import demo_data
from app.demo.history.book import Book
from app.demo.history.load import book_of
from app.demo.rows import demo_id
from app.domain.dates import YearMonth, dutch_day, dutch_midnight, whole_years
from app.dossiers.arrangements.states import KINDS
from app.dossiers.arrangements.tables import ArrangementRow
from app.dossiers.escalations.schemas import OutcomeLesson
from app.dossiers.escalations.tables import EscalationRow
from app.dossiers.referrals.tables import DespiteRow, ReferralChildRow, ReferralEventRow, ReferralRow
from app.dossiers.requests.clocks import norm_changes
from app.dossiers.requests.history import facts_of
from app.dossiers.requests.tables import (
    ChoiceVersionRow,
    ExplanationRow,
    JudgementRow,
    ReopeningRow,
    RequestEventRow,
    RequestRow,
)
from app.kit.database.tables import Table
from app.reference.lists import reference
from app.supply.contracts.tables import ContractRow

TODAY = date(2026, 11, 22)
DAYS = [TODAY, date(2027, 1, 2), date(2028, 2, 29), date(2027, 5, 16)]
KEYS = {RequestRow: ["id"], ReferralRow: ["id"], EscalationRow: ["id"], ReferralChildRow: ["referral_id", "request_id"]}
TO_COME = {
    *("expected_start", "answer_due_on", "answer_due_at", "amber_from", "due_on"),
    *("norm_amber_from", "norm_red_from", "court_authorisation_until"),
}
"""The columns of what was still to come when it was said."""


@pytest.fixture(scope="module", params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> date:
    today: date = request.param
    return today


@pytest.fixture(scope="module")
def book(day: date) -> Book:
    return book_of(demo_data(day), day)


def _versions(book: Book, table: type[Table]) -> dict[tuple[Any, ...], list[Any]]:
    """The versions of each row of a table, the first first."""
    found: dict[tuple[Any, ...], list[Any]] = {}
    for versions in book.rounds:
        for values in versions[table]:
            found.setdefault(tuple(values[name] for name in KEYS[table]), []).append(values)
    return found


def _last(book: Book, table: type[Table]) -> list[Any]:
    """The rows of a table as they are in the end."""
    return [versions[-1] for versions in _versions(book, table).values()]


def test_are_the_same_every_time() -> None:
    one, other = (book_of(demo_data(TODAY), TODAY) for _ in range(2))
    assert (one.rounds, one.added) == (other.rounds, other.added)


def _moments(book: Book) -> Iterator[tuple[str, date | datetime]]:
    rows = [row for versions in book.rounds for of_table in versions.values() for row in of_table]
    for row in [*rows, *(row for of_table in book.added.values() for row in of_table)]:
        yield from ((name, value) for name, value in row.items() if isinstance(value, date))


def test_nothing_lies_ahead(book: Book, day: date) -> None:
    begins = dutch_midnight(day)
    for name, value in _moments(book):
        if name not in TO_COME:
            assert value < (begins if isinstance(value, datetime) else day), name


def test_what_was_to_come_is_not_far_ahead(book: Book, day: date) -> None:
    days = [dutch_day(value) if isinstance(value, datetime) else value for name, value in _moments(book)]
    assert day - timedelta(days=1000) < min(days)
    assert max(days) < day + timedelta(days=400)


def test_each_row_has_its_versions_in_order(book: Book) -> None:
    for table in (RequestRow, ReferralRow, EscalationRow):
        for versions in _versions(book, table).values():
            assert [each["version"] for each in versions] == list(range(1, len(versions) + 1))
            moments = [each["updated_at"] for each in versions]
            assert moments == sorted(moments)
            assert moments[0] == versions[0]["created_at"]


def test_no_wait_is_negative(book: Book) -> None:
    for request in _last(book, RequestRow):
        steps = [request[name] for name in ("requested_on", "help_on", "closed_on") if request[name] is not None]
        assert steps == sorted(steps)
        imposed_on = request["measure_imposed_on"] or date.min
        assert all(
            request[name] is None or request[name] >= imposed_on for name in ("protection_worker_on", "course_on")
        )
    sent = {row["id"]: dutch_day(row["sent_at"]) for row in _last(book, ReferralRow)}
    for child in _last(book, ReferralChildRow):
        stayed = [child[name] for name in ("started_on", "ended_on") if child[name] is not None]
        assert [sent[child["referral_id"]], *stayed] == sorted([sent[child["referral_id"]], *stayed])


def test_nobody_is_grown_up_while_the_dossier_is_open(book: Book, day: date) -> None:
    for request in _last(book, RequestRow):
        until = request["closed_on"] or day - timedelta(days=7)
        assert whole_years(YearMonth.parse(request["birth_month"]), until) <= 18


def test_the_norms_are_those_of_the_product(book: Book) -> None:
    columns = [column.key for column in RequestRow.__table__.columns if column.computed is None]
    for versions in _versions(book, RequestRow).values():
        for values in versions:
            row = RequestRow(**{name: values[name] for name in columns})
            assert norm_changes(facts_of(row)) == (values["norm_amber_from"], values["norm_red_from"])


def test_what_the_service_keeps_is_there(book: Book) -> None:
    requests = {row["id"] for row in _last(book, RequestRow)}
    created = [row["request_id"] for row in book.added[RequestEventRow] if row["what"] == "created"]
    assert sorted(created, key=str) == sorted(requests, key=str)
    assert {row["request_id"] for row in book.added[ChoiceVersionRow]} == requests
    referrals = {row["id"]: row for row in _last(book, ReferralRow)}
    assert {row["referral_id"] for row in _last(book, ReferralChildRow)} == referrals.keys()
    decided = {row["referral_id"]: row["status"] for row in book.added[ReferralEventRow]}
    assert decided == {referral_id: row["status"] for referral_id, row in referrals.items()}
    assert not any(row["counted"] for row in referrals.values())


def test_the_inboxes_of_demo_clients_stay_as_they_are(book: Book) -> None:
    own = {demo_id("provider", client_id) for client_id in ("demo-provider", "demo-provider-2")}
    assert not own & {row["provider_id"] for row in _last(book, ReferralRow)}
    assert not own & {row["provider_id"] for row in book.added[ArrangementRow]}
    kept = [each for each in _last(book, RequestRow) if each["organisation_id"] == demo_id("organisation", "demo-gi")]
    assert kept
    assert all(each["closed_on"] is not None for each in kept)
    waiting = [each for each in book.added[ArrangementRow] if each["status"] == "asked"]
    assert not any(each["region_code"] == "JZ03" for each in waiting)
    national = {each["request_id"] for each in _last(book, EscalationRow) if each["step"] == "national"}
    assert not any(each["region_code"] == "JZ03" for each in _last(book, RequestRow) if each["id"] in national)


def test_light_contracts_of_the_past_hold_no_more(book: Book, day: date) -> None:
    assert len(book.added[ContractRow]) >= 5
    assert max(row["valid_to"] for row in book.added[ContractRow]) < day


def test_help_is_found_in_every_way(book: Book) -> None:
    referrals = _last(book, ReferralRow)
    kinds = Counter(str(row["choice"] or row["stands_for"]) for row in referrals)
    assert kinds.keys() == {"1", "2", "3", "alternative", "outside", "bridging"}
    statuses = Counter(row["status"] for row in referrals)
    assert statuses.keys() == {"sent", "waitlisted", "accepted", "declined", "withdrawn", "started", "ended"}
    urgencies = Counter(row["urgency"] for row in referrals)
    assert urgencies["regular"] > urgencies["urgent"] > urgencies["crisis"] > 10
    closed = Counter(row["closed_reason"] for row in _last(book, RequestRow))
    assert closed["help-not-needed"] > 5
    assert closed["as-planned"] > closed.total() / 6
    assert closed.keys() - {None} <= reference().closing_reasons.keys()


def test_declines_name_their_reason(book: Book) -> None:
    declined = [row for row in _last(book, ReferralRow) if row["status"] == "declined"]
    reasons = Counter(row["decline_reason"] for row in declined)
    assert reasons.most_common(1)[0][0] == "no-place"
    assert len(reasons) >= 8
    criteria = Counter(code for row in declined for code in row["decline_criteria"])
    assert criteria.keys() <= reference().exclusion_criteria.keys()
    assert min(criteria.values()) > 5
    assert all(row["decline_criteria"] for row in declined if row["decline_reason"] == "contra-indication")


def test_judgements_say_mostly_that_help_fits(book: Book) -> None:
    for by in ("professional", "family"):
        fits = Counter(row["fits"] for row in book.added[JudgementRow] if row["by"] == by)
        assert fits["yes"] > 0.6 * fits.total()
        assert min(fits["partly"], fits["no"]) > 5
    assert 10 <= len(book.added[ReopeningRow]) <= 60


def test_what_was_late_is_mostly_explained(book: Book) -> None:
    clocks = Counter(row["clock"] for row in book.added[ExplanationRow])
    assert clocks.keys() == {"protection-worker", "course", "help", "next-place"}
    assert min(clocks.values()) > 3
    causes = {row["cause"] for row in book.added[ExplanationRow]}
    assert {"waiting-list", "outflow-blocked", "institution-staff"} <= causes <= reference().waiting_causes.keys()


def test_each_step_is_taken_with_every_outcome(book: Book) -> None:
    rows = _last(book, EscalationRow)
    steps = Counter(row["step"] for row in rows)
    assert steps["local-team"] > steps["national"] > 5
    assert steps["expert-team"] > steps["supraregional-network"] > steps["national"]
    assert {row["outcome_kind"] for row in rows} == {"help", "explanation", "question", None}
    assert 5 < sum(row["lesson_id"] is not None for row in rows) < len(rows) / 4
    assert all(row["supraregion"] == "noord-holland" for row in rows if row["step"] == "supraregional-network")
    for row in rows:
        if row["lesson_id"] is not None:  # nothing in it leads to a child
            named = {"careTypes": row["lesson_care_types"], "characteristics": row["lesson_characteristics"]}
            OutcomeLesson.model_validate({**named, "causes": row["lesson_causes"], "text": row["lesson_text"]})


def test_arrangements_of_each_kind_were_granted_and_refused(book: Book) -> None:
    found = Counter((row["kind"], row["status"]) for row in book.added[ArrangementRow])
    assert all(found[kind, status] for kind in KINDS for status in ("granted", "refused"))
    assert {"withdrawn", "ended"} <= {status for _, status in found}
    reasons = {row["reason"] for row in book.added[DespiteRow]}
    assert {"not-contracted", "budget-ceiling", "too-far", "age"} <= reasons


def test_some_secure_stays_last_longer_than_they_may(book: Book, day: date) -> None:
    secure = {row["id"]: row for row in _last(book, ReferralRow) if row["care_type"] == "jeugdzorgplus"}
    stays = [child for child in _last(book, ReferralChildRow) if child["referral_id"] in secure and child["started_on"]]
    lasted = [((child["ended_on"] or day) - child["started_on"]).days for child in stays]
    assert 15 <= len(stays) <= 60
    assert 3 <= sum(each > 184 for each in lasted) < len(lasted) / 2
    present = [row for row in _last(book, RequestRow) if row["secure_since"] and not row["secure_left_on"]]
    assert {"JZ03"} < {row["region_code"] for row in present if row["closed_on"] is None}


def test_some_things_were_put_right_later(book: Book) -> None:
    corrected = [row for row in book.added[ReferralEventRow] if row["decision"] == "correct"]
    whats = Counter(row["details"]["what"] for row in corrected)
    assert min(whats["start"], whats["decline"]) > 5
    late = [
        versions
        for versions in _versions(book, ReferralChildRow).values()
        if (last := versions[-1])["started_on"] and (dutch_day(last["started_at"]) - last["started_on"]).days > 20
    ]
    assert len(late) > 5
    assert any(row["decision"] == "move" for row in book.added[ReferralEventRow])
