"""From a dossier as it was known to when a child's stays were over, and what blocks the way out of them. Pure."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from app.domain.dates import dutch_day
from app.dossiers.requests.clock_model import first
from app.insight.history.dossiers import Dossier, Stay, day_of
from app.insight.history.needs import over_day, sent_on
from app.insight.history.spells import joined
from app.insight.history.tables import LAST_DAY
from app.reference.lists import reference

_BLOCKED: Final = "outflow-blocked"


def stay_of(dossier: Dossier, stay: Stay) -> dict[str, Any]:
    """The columns of help that began; what is of the way out of it, of residential care alone."""
    started_on, until = _started_on(stay), _until(dossier, stay)
    if started_on is None or not _is_residential(stay):
        return {"stayed_until": until, "next_stay_on": None, "blocked_since": None, "sought": []}
    others = [each for each in dossier.stays if each is not stay and _is_residential(each)]
    next_stays = [day for each in others if until and (day := _started_on(each)) and day >= until]
    sought = [(sent_on(each), first(_promised_on(each), over_day(each)) or LAST_DAY) for each in others]
    return {
        "stayed_until": until,
        "next_stay_on": min(next_stays, default=None),
        "blocked_since": min((day for day in _said_blocked(dossier) if day >= started_on), default=None),
        "sought": joined(sought),
    }


def _is_residential(stay: Stay) -> bool:
    care_type = reference().care_types.get(stay.referral["care_type"] or "")
    return care_type is not None and care_type.residential


def _started_on(stay: Stay) -> date | None:
    return None if stay.child["released_at"] else day_of(stay.child, "started_on")


def _promised_on(stay: Stay) -> date | None:
    return first(day_of(stay.referral, "accepted_on"), _started_on(stay))


def _until(dossier: Dossier, stay: Stay) -> date | None:
    """The day on which help that began was over: it ended, or the dossier was closed while it ran."""
    started_on, closed_on = _started_on(stay), day_of(dossier.request, "closed_on")
    if started_on is None:
        return None
    return day_of(stay.child, "ended_on") or (max(started_on, closed_on) if closed_on else None)


def _said_blocked(dossier: Dossier) -> Iterator[date]:
    """The days on which blocked outflow was said to be the cause, of a clock or of a step."""
    for explained in dossier.explained:
        if explained.cause == _BLOCKED:
            yield explained.on
    for escalation in dossier.escalations:
        if escalation["reason"] == _BLOCKED:
            yield dutch_day(datetime.fromisoformat(escalation["opened_at"]))
