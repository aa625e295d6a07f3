"""The lights of requests in SQL, as `clocks.worst` has them; a test holds the two together."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Integer, and_, case, cast, false, func, or_, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from app.dossiers.agreements.default_terms import AUTHORISATION_WARNING_DAYS, NEXT_PLACE_DAYS
from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.dossiers.requests.clock_model import Light
from app.dossiers.requests.secure_care import STAY_MONTHS
from app.dossiers.requests.tables import RequestRow
from app.reference.lists import reference

Day = InstrumentedAttribute[date | None]


class _Term(NamedTuple):
    """A clock: for whom there is one, while what has not happened it runs, and when it is amber and due."""

    exists: ColumnElement[bool]
    awaits: Sequence[Day]
    amber_from: ColumnElement[Any]
    due_on: ColumnElement[Any]

    @property
    def runs(self) -> ColumnElement[bool]:
        return and_(self.exists, *(day.is_(None) for day in self.awaits))


def has_light(light: Light, today: date) -> ColumnElement[bool]:
    """The condition that a request has this light, on rows joined with the agreements of their region."""
    terms = _terms()
    is_open = RequestRow.closed_on.is_(None)
    amber_from = func.least(RequestRow.norm_amber_from, *(case((term.runs, term.amber_from)) for term in terms))
    red_from = _red_from(terms)
    conditions = {
        "done": and_(or_(_has_norms(), *(term.exists for term in terms)), red_from.is_(None)),
        "green": amber_from > today,
        "amber": and_(amber_from <= today, red_from > today),
        "red": red_from <= today,
    }
    return and_(is_open, conditions[light])


def next_deadline() -> ColumnElement[Any]:
    """The first day that would be too late for a clock that still runs; NULL where none does, or it is closed.

    On rows joined with the agreements of their region, as for `has_light`.
    """
    return case((RequestRow.closed_on.is_(None), _red_from(_terms())))


def _red_from(terms: Sequence[_Term]) -> ColumnElement[Any]:
    return func.least(RequestRow.norm_red_from, *(case((term.runs, term.due_on + 1)) for term in terms))


def _terms() -> list[_Term]:
    return [*_agreed_terms(), *_secure_terms()]


def _has_norms() -> ColumnElement[bool]:
    """Whether its measure carries the norms of the inspectorates."""
    preventive = [each.code for each in reference().measures.values() if each.kind == "preventive"]
    return and_(RequestRow.measure_type.is_not(None), RequestRow.measure_type.not_in(preventive))


def _agreed_terms() -> list[_Term]:
    """The clocks of the regional agreements."""
    row, agreed = RequestRow, RegionalAgreementsRow
    holds = or_(_has_norms(), func.coalesce(agreed.also_without_measure, false()))
    requested = func.greatest(row.requested_on, row.needed_again_on)
    started = func.greatest(
        func.coalesce(row.measure_started_on, row.measure_imposed_on, row.requested_on), row.needed_again_on
    )
    local_team, expert_team = agreed.contact_local_team_days, agreed.expert_team_days
    return [
        _of_days(and_(holds, local_team.is_not(None)), [row.local_team_on, row.placed_on], requested, local_team),
        _of_days(and_(holds, expert_team.is_not(None)), [row.expert_team_on], started, expert_team),
    ]


def _secure_terms() -> list[_Term]:
    """The clocks of secure care."""
    row, agreed = RequestRow, RegionalAgreementsRow
    until, since, left = row.court_authorisation_until, row.secure_since, row.secure_left_on
    warning = func.coalesce(agreed.authorisation_warning_days, AUTHORISATION_WARNING_DAYS)
    six_months = cast(since + func.make_interval(0, STAY_MONTHS), Date)
    known = func.greatest(
        since, func.coalesce(until, six_months) - func.coalesce(agreed.next_place_days, NEXT_PLACE_DAYS)
    )
    return [
        _Term(until.is_not(None), [left], until - warning, until + 0),
        _Term(since.is_not(None), [left], _three_quarters(since, six_months), six_months),
        _Term(
            since.is_not(None),
            [left, row.next_place_said_on, row.next_place_found_on],
            _three_quarters(since, known),
            known,
        ),
    ]


def _three_quarters(start: Day, due: ColumnElement[Any]) -> ColumnElement[Any]:
    """The day on which three quarters of the days between these two have passed."""
    return start + (3 * type_coerce(due - start, Integer) + 3) // 4


def _of_days(exists: ColumnElement[bool], awaits: Sequence[Day], start: ColumnElement[Any], days: Any) -> _Term:
    """A clock of so many days, amber from three quarters of them, that help ends as well."""
    return _Term(exists, [*awaits, RequestRow.help_on], start + (3 * days + 3) // 4, start + days)
