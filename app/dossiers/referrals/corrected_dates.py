"""The right date of a decision that was recorded with a wrong one: which dates can be, and the step that gives it."""

from collections.abc import Sequence
from datetime import date, datetime

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.referrals.correction_schemas import CorrectionIn
from app.dossiers.referrals.history import Step
from app.dossiers.referrals.sibling_group import Family
from app.dossiers.referrals.stays import check_stays
from app.dossiers.referrals.tables import Actor, ReferralChildRow, ReferralRow
from app.dossiers.requests.errors import before_measure
from app.finding.matching.errors import in_future
from app.kit.database.sessions import WriteSession
from app.kit.errors import InputError, InvalidInputError


async def check_date(
    session: WriteSession,
    family: Family,
    row: ReferralRow,
    children: Sequence[ReferralChildRow],
    body: CorrectionIn,
    now: datetime,
) -> None:
    """`InvalidInputError` for a date that cannot be; `OverlappingStayError` for a start in another stay."""
    if body.value is None:
        return
    today, value = dutch_day(now), body.value
    if body.what == "accept":
        error = _in_past(value, today)
    elif body.what == "start":
        error = _wrong_start(family, children, value, today)
    elif body.what == "end":
        error = _wrong_end(children, value, today)
    else:
        text = Text(
            nl="Dit besluit heeft geen datum; laat die leeg (null), dan neemt u het terug.",
            en="This decision has no date; null takes it back.",
        )
        error = InputError("#/value", "not-applicable", text)
    if error is not None:
        raise InvalidInputError(error)
    if body.what == "start":
        await check_stays(session, family, row, children, value)


def _in_past(value: date, today: date) -> InputError | None:
    text = Text(nl="Deze dag is al voorbij.", en="This day has passed.")
    return InputError("#/value", "in-past", text) if value < today else None


def _wrong_start(family: Family, children: Sequence[ReferralChildRow], value: date, today: date) -> InputError | None:
    if value > today:
        return in_future("#/value")
    imposed = [family.request(child.request_id).measure_imposed_on for child in children]
    if any(day is not None and value < day for day in imposed):
        return before_measure("#/value")
    if any(child.ended_on is not None and value > child.ended_on for child in children):
        text = Text(nl="De hulp eindigde vóór deze dag.", en="The help ended before this day.")
        return InputError("#/value", "order", text)
    return None


def _wrong_end(children: Sequence[ReferralChildRow], value: date, today: date) -> InputError | None:
    if value > today:
        return in_future("#/value")
    if any(child.started_on is not None and value < child.started_on for child in children):
        return InputError("#/value", "order", Text(nl="De hulp begon na deze dag.", en="The help started later."))
    return None


def dating(row: ReferralRow, children: Sequence[ReferralChildRow], body: CorrectionIn, actor: Actor) -> Step:
    """The step that gives a decision its right date; the moment at which it was recorded stays."""
    column = {"accept": "expected_start", "start": "started_on", "end": "ended_on"}[body.what]
    stays = {} if body.what == "accept" else {column: body.value}
    old = getattr(row, column)
    details = {"what": body.what, "why": body.why, "new": str(body.value)} | ({"old": str(old)} if old else {})
    return Step(row, children, "correct", row.status, actor, {column: body.value}, stays, details)
