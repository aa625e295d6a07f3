"""Tells the demo dossiers to the service itself, each event on its day: what is kept is what users would have got.

On a day each dossier has an hour of its own, while people are at work, and its steps follow each other.
"""

from datetime import date, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.demo.clients import caller_of
from app.demo.dossiers import (
    DOSSIERS,
    Dossier,
    Event,
    Json,
    request_of,
)
from app.demo.rows import demo_id, dice
from app.demo.working_hours import moment_on, past_opening
from app.domain.dates import dutch_day
from app.dossiers.calls.answers import answer
from app.dossiers.calls.schemas import AnswerIn, CallIn
from app.dossiers.calls.service import publish
from app.dossiers.closing.service import change_request
from app.dossiers.escalations.schemas import EscalationIn
from app.dossiers.escalations.service import open_escalation
from app.dossiers.referrals.decision_schemas import DecisionIn
from app.dossiers.referrals.decisions import decide
from app.dossiers.referrals.repository import get_referral
from app.dossiers.referrals.schemas import ReferralIn
from app.dossiers.referrals.service import send
from app.dossiers.referrals.states import SIDES
from app.dossiers.requests.creation import add_request
from app.dossiers.requests.entry_schemas import (
    ExplanationIn,
)
from app.dossiers.requests.schemas import (
    RequestIn,
    RequestPatch,
)
from app.dossiers.requests.service import (
    explain,
    set_milestone,
)
from app.dossiers.requests.views import MILESTONES
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.loader import load
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.callers import Caller

Body = TypeVar("Body", bound=BaseModel)

_WAIT: Final = timedelta(days=30)
"""From today until the start that a waiting list, or an answer to a call, promises."""
_OPEN: Final = timedelta(days=10)
"""From today until the last day of a call."""


async def tell(connection: AsyncConnection, today: date) -> None:
    """Tells all dossiers together, day by day until yesterday, so that nothing lies in the future.

    It is done in the transaction of the connection, which stays the caller's to end. What happened before a request was
    made, its institution says when it makes it.
    """
    async with AsyncSession(connection, expire_on_commit=False, autoflush=False) as session:
        catalogue = await load(ReadSession(session))
        replays = [_Replay(WriteSession(session), catalogue, today, dossier) for dossier in DOSSIERS]
        for days_ago in range(max(each.dossier.asked for each in replays), 0, -1):
            for replay in replays:
                await replay.tell(days_ago)


def _body(schema: type[Body], fields: Json) -> Body:
    """What the interface would have made of these fields."""
    return schema.model_validate_json(orjson.dumps(fields))


def _answering(provider_id: UUID | None) -> Caller:
    """The demo client of a provider."""
    callers = [caller_of(client_id) for client_id in ("demo-provider", "demo-provider-2")]
    return next(each for each in callers if each.provider_id == provider_id)


class _Replay:
    """One dossier that is being told."""

    def __init__(self, session: WriteSession, catalogue: Catalogue, today: date, dossier: Dossier) -> None:
        self.dossier = dossier
        self._session = session
        self._catalogue = catalogue
        self._today = today
        self._caller = caller_of(dossier.client_id)
        self._request_id: UUID | None = None
        self._referral_id: UUID | None = None
        self._call_id: UUID | None = None

    async def tell(self, days_ago: int) -> None:
        """Tells what was done that day."""
        events = [each for each in self.dossier.events if days_ago == min(each.days_ago, self.dossier.asked)]
        if days_ago == self.dossier.asked:
            body = _body(RequestIn, request_of(self.dossier, self._today))
            self._request_id = (await add_request(self._session, self._caller, body, self._at(days_ago))).id
        for step, event in enumerate(events, 1):
            if self._request_id is not None:
                await self._happen(self._request_id, event, self._at(days_ago, step))

    def _at(self, days_ago: int, step: int = 0) -> datetime:
        past = past_opening(dice("hour", self.dossier.reference, days_ago))
        return moment_on(self._today - timedelta(days=days_ago), past, step)

    async def _happen(self, request_id: UUID, event: Event, now: datetime) -> None:
        on = (self._session, self._caller, request_id)
        if event.what == "refer":
            offer = {"offerId": str(demo_id("offer", key))} if (key := event.fields.get("offerId")) else {}
            self._referral_id = await self._send(request_id, event.fields | offer, now)
        elif event.what == "call":
            body = _body(CallIn, event.fields | {"respondBy": self._today + _OPEN})
            self._call_id = (await publish(self._session, self._catalogue, self._caller, request_id, body, now)).id
        elif event.what == "answer" and self._call_id is not None:
            days = {"startOn": self._today + _WAIT} if event.fields["answer"] == "can" else {}
            await answer(self._session, caller_of(event.by), self._call_id, _body(AnswerIn, event.fields | days), now)
        elif event.what == "escalate":
            await open_escalation(*on, _body(EscalationIn, event.fields), now)
        elif event.what == "explain":
            await explain(*on, _body(ExplanationIn, event.fields), now)
        elif event.what == "close":
            closing = _body(RequestPatch, {"status": "closed", **event.fields})
            await change_request(self._session, self._catalogue, self._caller, request_id, closing, "*", now)
        elif event.what in SIDES and self._referral_id is not None:
            await self._decide(self._referral_id, event, now)
        else:
            milestone = next(name for name in MILESTONES if name == event.what)
            await set_milestone(*on, milestone, self._today - timedelta(days=event.days_ago), "*", now)

    async def _send(self, request_id: UUID, fields: Json, now: datetime) -> UUID:
        body = _body(ReferralIn, fields)
        return (await send(self._session, self._catalogue, self._caller, request_id, body, now)).id

    async def _decide(self, referral_id: UUID, event: Event, now: datetime) -> None:
        """A decision on the referral, by the side whose it is."""
        days = {"start": {"date": dutch_day(now)}, "waitlist": {"expectedStart": self._today + _WAIT}}
        body = _body(DecisionIn, {"decision": event.what, **days.get(event.what, {}), **event.fields})
        referral = (await get_referral(self._session, self._caller, referral_id)).referral
        is_answer = SIDES[body.decision] == "provider"
        caller = _answering(referral.provider_id) if is_answer else self._caller
        await decide(self._session, self._catalogue, caller, referral_id, body, None, now)
