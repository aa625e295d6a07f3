"""What stands on the start of a referrer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.dates import dutch_day
from app.dossiers.calls import views as calls
from app.dossiers.calls.schemas import CallQuery
from app.dossiers.referrals import views as referrals
from app.dossiers.requests.schemas import DeadlineQuery
from app.dossiers.watches import service as watches
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller
from app.web.children import service as children
from app.web.children.question import SHOWN
from app.web.children.rows import Row, row_of
from app.web.start.views import News, Watched, answered_call, found_place, notice, watched_offer

_MOST: Final = 10
_RECENT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Today:
    """The deadlines that are near or passed, the first first, and whether there are more; what was answered; and of
    which offers a place is told."""

    deadlines: list[Row]
    has_more: bool
    news: list[News]
    watched: list[Watched]


async def read_today(session: ReadSession, caller: Caller, catalogue: Catalogue, now: datetime) -> Today:
    """What an institution or local team has to know today."""
    today = dutch_day(now)
    query = DeadlineQuery.model_validate({"limit": _MOST, **SHOWN["dringend"][1]})
    found, following = await children.list_by_deadline(session, caller, query, None, today)
    told = await referrals.list_last_notices(session, caller, now - _RECENT, _MOST)
    asked = await calls.list_calls(session, caller, CallQuery(limit=_MOST, status="open", answered=True), None, today)
    answered = await calls.answered_of(session, caller, asked)
    places = await watches.list_last_told(session, caller, now - _RECENT, _MOST)
    news = [found_place(watches.match_out(each), today) for each in places]
    news += [answered_call(calls.call_out(each, answered, caller, today)) for each in asked[:_MOST]]
    for event, full in told:
        shown = referrals.referral_out(full, caller, now, catalogue)
        news.append(notice(referrals.event_out(event, caller), shown, today))
    standing = await watches.list_offer_watches(session, caller, today)
    watched = [watched_offer(watches.watch_out(each, today)) for each in standing]
    return Today([row_of(each, today) for each in found], following is not None, news, watched)
