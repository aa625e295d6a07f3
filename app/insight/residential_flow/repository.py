"""Statements on the flow in residential care: stays that began and ended in a period, and those that ran at its end."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Date, SQLColumnExpression, and_, cast, column, func, not_, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from app.dossiers.requests.secure_care import STAY_MONTHS
from app.insight.answers.questions import Cell, Question
from app.insight.cells.repository import Condition, Counting, PeriodColumns, count_referrals
from app.insight.history.tables import KnownEscalationRow, KnownReferralRow, NeedRow
from app.insight.residential_flow.definition import THROUGH_DAYS
from app.kit.database.sessions import ReadSession
from app.reference.lists import reference

_BLOCKED: Final = "outflow-blocked"


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about the flow in residential care."""
    return await count_referrals(session, question, _counting)


def _counting(period: PeriodColumns) -> Counting:
    row = KnownReferralRow
    outflow, day = period.has(row.stayed_until), period.last
    present = and_(row.started_on <= day, or_(row.stayed_until.is_(None), row.stayed_until > day))
    secure = and_(present, row.secure_since.is_not(None))
    through = _goes_through(period)
    said, sought, no_next_place = _is_said(period), _is_sought(period), _has_no_next_place(period)
    counts: dict[str, Condition] = {
        "inflow": period.has(row.started_on),
        "outflow": outflow,
        "throughflow": and_(outflow, through),
        "exit": and_(outflow, not_(through)),
        "present": present,
        "outsideProvince": and_(present, row.offer_province_code != row.province_code),
        "secure": secure,
        "secureOverSixMonths": and_(secure, _months_after(row.secure_since, STAY_MONTHS) < day),
        "blocked": and_(present, or_(no_next_place, said, sought)),
        "blockedSaid": and_(present, said),
        "blockedSought": and_(present, sought),
        "blockedSecure": and_(present, no_next_place),
    }
    among = and_(_is_residential(row), row.started_on <= day)
    return Counting(among, counts, {"outflow": row.stayed_until - row.started_on})


def _is_residential(row: Any) -> Condition:
    known = reference().care_types.values()
    return and_(row.care_type.in_([each.code for each in known if each.residential]), row.started_on.is_not(None))


def _months_after(day: SQLColumnExpression[Any], months: int) -> SQLColumnExpression[Any]:
    return cast(day + func.make_interval(0, months), Date)


def _is_known(row: Any, period: PeriodColumns) -> Condition:
    """Whether another row of the same child was known of a period."""
    return and_(
        row.request_id == KnownReferralRow.request_id,
        row.known_from <= period.known_on,
        row.known_to > period.known_on,
    )


def _goes_through(period: PeriodColumns) -> Condition:
    """Whether another stay of the child began from the day on which this one ended to a week after."""
    other, until = aliased(KnownReferralRow), KnownReferralRow.stayed_until
    follows = other.started_on.between(until, until + THROUGH_DAYS)
    differs = other.referral_id != KnownReferralRow.referral_id
    found = select(other.request_id).where(_is_known(other, period), differs, _is_residential(other), follows)
    return found.correlate_except(other).exists()


def _is_sought(period: PeriodColumns) -> Condition:
    """Whether the child was referred to another stay when the period ended, which had not been promised."""
    other, day = aliased(KnownReferralRow), period.last
    known = reference().care_types.values()
    found = select(other.request_id).where(
        _is_known(other, period),
        other.referral_id != KnownReferralRow.referral_id,
        other.care_type.in_([each.code for each in known if each.residential]),
        other.sent_on <= day,
        *(or_(until.is_(None), until > day) for until in (other.accepted_on, other.started_on, other.over_on)),
    )
    return found.correlate_except(other).exists()


def _is_said(period: PeriodColumns) -> Condition:
    """Whether blocked outflow was said to be the cause since the stay began, of a clock or of a step."""
    need, step = aliased(NeedRow), aliased(KnownEscalationRow)
    causes: Any = func.jsonb_array_elements(need.details["causes"]).table_valued(column("value", JSONB), name="causes")
    on = cast(causes.c.value["on"].astext, Date)
    explained = (
        select(need.request_id)
        .select_from(need)
        .join(causes, causes.c.value["cause"].astext == _BLOCKED)
        .where(_is_known(need, period), on.between(KnownReferralRow.started_on, period.last))
        .correlate_except(need, causes)
    )
    asked = (
        select(step.request_id)
        .where(
            _is_known(step, period),
            step.cause == _BLOCKED,
            step.opened_on.between(KnownReferralRow.started_on, period.last),
        )
        .correlate_except(step)
    )
    return or_(explained.exists(), asked.exists())


def _has_no_next_place(period: PeriodColumns) -> Condition:
    row = KnownReferralRow
    return and_(
        row.next_place_due < period.last,
        or_(row.next_place_on.is_(None), row.next_place_on > period.last),
    )
