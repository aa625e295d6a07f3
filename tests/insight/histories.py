"""Random histories of children, told to the database as they would have been recorded, and what they come to.

Each step is recorded at a moment and may say something of earlier days; some take back what was said before. `State`
is what was known of a child after a step: the figures are computed from it here in plain Python, apart from the
product.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from app.domain.dates import dutch_day, dutch_midnight
from app.dossiers.referrals.tables import ReferralChildRow, ReferralRow
from app.dossiers.requests.tables import ExplanationRow, JudgementRow, ReopeningRow, RequestRow
from app.kit.database.sessions import WriteSession
from app.reference.lists import reference
from app.supply.offers.tables import OfferRow
from tests.insight.children import Child, row_of

FIRST: Final = date(2026, 6, 1)
LAST: Final = date(2026, 11, 22)
TOWNS: Final = ("GM0400", "GM0441", "GM1911", "GM0361", "GM0405")
CARE_TYPES: Final = ("gezinshuis", "pleegzorg-voltijd", "ambulante-begeleiding")
INSTITUTIONS: Final = (UUID(int=2), UUID(int=77))
_KINDS: Final = ("1", "2", "3", "alternative", "bridging")


@dataclass(frozen=True)
class Stay:
    """A child in a referral: what it stands for, and when it was there; where it lived when the referral was sent."""

    id: UUID
    stands_for: str
    sent_on: date
    town: str
    offer: UUID
    started_on: date | None = None
    ended_on: date | None = None
    released: bool = False


@dataclass(frozen=True)
class State:
    """What was known of a child."""

    child: Child
    stays: tuple[Stay, ...] = ()
    reopened: tuple[tuple[date, date], ...] = ()
    explained_on: tuple[date, ...] = ()
    judged: tuple[tuple[date, str], ...] = ()

    @property
    def again(self) -> date:
        """Since when help is needed again; the first of days where it is not."""
        return self.reopened[-1][0] if self.reopened else date.min

    @property
    def started(self) -> list[Stay]:
        """The stays that are the help itself, the first first."""
        found = [
            each
            for each in self.stays
            if each.stands_for != "bridging"
            and not each.released
            and each.started_on is not None
            and each.started_on >= self.again
        ]
        return sorted(found, key=lambda each: (each.started_on or date.max, str(each.id)))

    @property
    def help_on(self) -> date | None:
        """When help began, by a referral or as the institution says."""
        days = [self.child.help_on, *(each.started_on for each in self.started[:1])]
        return min((day for day in days if day is not None), default=None)


@dataclass
class History:
    """A child, and what was known of it from which moment on, the first first."""

    id: UUID
    versions: list[tuple[datetime, State]] = field(default_factory=list)

    def known_at(self, moment: datetime) -> State | None:
        """What was known of it at a moment; None before it was recorded."""
        return next((state for at, state in reversed(self.versions) if at <= moment), None)


class Teller:
    """Makes up what happens, and records it."""

    def __init__(self, session: WriteSession, offers: Sequence[UUID], rng: Random) -> None:
        self._session = session
        self._offers = offers
        self._rng = rng

    async def tell(self) -> History:
        """One child from when it is asked for."""
        rng = self._rng
        on = _later(rng, FIRST, LAST - timedelta(days=20))
        asked_on = on - timedelta(days=rng.choice((0, 0, 3, 100)))
        child = Child(
            municipality=rng.choice(TOWNS),
            requested_on=asked_on,
            measure=rng.choice(("11", "11", "41", "31", None)),
            imposed_on=asked_on - timedelta(days=rng.choice((0, 0, 5, 70))),
            organisation_id=rng.choice(INSTITUTIONS),
            care_types=tuple(
                rng.sample(("gezinshuis", "pleegzorg-voltijd", "ambulante-begeleiding"), rng.randint(1, 3))
            ),
            known_on=on,
        )
        row = row_of(child)
        self._session.add(row)
        await self._session.flush()
        history = History(row.id, [(dutch_midnight(on), State(child))])
        while (on := on + timedelta(days=rng.randint(0, 45))) <= LAST:
            at = dutch_midnight(on) + timedelta(minutes=rng.randint(1, 1300))
            at = max(at, history.versions[-1][0] + timedelta(minutes=1))
            if dutch_day(at) <= LAST:
                history.versions.append((at, await self._step(history, history.versions[-1][1], at)))
        return history

    async def _step(self, history: History, state: State, at: datetime) -> State:
        possible = ["milestone", "help", "move", "refer", "refer", "explain"]
        possible += [*["start"] * 5, "help", "end", "take-back"] if state.stays else []
        possible += ["reopen", "judge"] if state.help_on and state.help_on < dutch_day(at) else []
        possible += ["close"] if self._rng.random() < 0.2 else []
        what = self._rng.choice(possible)
        return await getattr(self, f"_{what.replace('-', '_')}")(history, state, at)  # type: ignore[no-any-return]

    def _before(self, state: State, at: datetime) -> date:
        """Some day until that of a moment, on which something may have happened."""
        first = max(state.child.requested_on, state.again)
        return _later(self._rng, min(first, dutch_day(at)), dutch_day(at))

    async def _milestone(self, history: History, state: State, at: datetime) -> State:
        name = self._rng.choice(("worker_on", "course_on"))
        day = self._rng.choice((self._before(state, at), None))
        return await self._changed(history, state, at, **{name: day})

    async def _help(self, history: History, state: State, at: datetime) -> State:
        return await self._changed(history, state, at, help_on=self._rng.choice((self._before(state, at), None)))

    async def _move(self, history: History, state: State, at: datetime) -> State:
        return await self._changed(history, state, at, municipality=self._rng.choice(TOWNS))

    async def _close(self, history: History, state: State, at: datetime) -> State:
        day = None if state.child.closed_on else dutch_day(at)
        return await self._changed(history, state, at, closed_on=day)

    async def _changed(self, history: History, state: State, at: datetime, **changes: Any) -> State:
        state = replace(state, child=replace(state.child, **changes))
        await self._write(history, state, at)
        return state

    async def _write(self, history: History, state: State, at: datetime) -> None:
        child = state.child
        values = {
            "municipality_code": child.municipality,
            "region_code": reference().municipalities[child.municipality].region,
            "protection_worker_on": child.worker_on,
            "course_on": child.course_on,
            "help_said_on": child.help_on,
            "help_started_on": state.started[0].started_on if state.started else None,
            "help_on": state.help_on,
            "closed_on": child.closed_on,
            "closed_reason": "help-not-needed" if child.closed_on else None,
            "needed_again_on": state.reopened[-1][0] if state.reopened else None,
            "updated_at": at,
        }
        await self._session.execute(update(RequestRow).where(RequestRow.id == history.id).values(values))

    async def _refer(self, history: History, state: State, at: datetime) -> State:
        kind, offer = self._rng.choice(_KINDS), self._rng.choice(self._offers)
        stay = Stay(uuid4(), kind, dutch_day(at), state.child.municipality, offer)
        is_choice = stay.stands_for in {"1", "2", "3"}
        values = {
            "id": stay.id,
            "request_id": history.id,
            "organisation_id": state.child.organisation_id,
            "offer_id": offer,
            "stands_for": "choice" if is_choice else stay.stands_for,
            "choice": int(stay.stands_for) if is_choice else None,
            "choices_version": 1,
            "first_choice": False,
            "care_type": "gezinshuis",
            "age": 12,
            "gender": "female",
            "municipality_code": state.child.municipality,
            "region_code": reference().municipalities[state.child.municipality].region,
            "needs": [],
            "characteristics": [],
            "urgency": "regular",
            "places": 1,
            "sent_at": at,
            "answer_due_on": dutch_day(at),
            "answer_due_at": at,
            "status": "sent",
            "created_at": at,
            "updated_at": at,
        }
        provider = await self._session.scalar(select(OfferRow.provider_id).where(OfferRow.id == values["offer_id"]))
        await self._session.execute(insert(ReferralRow).values(values | {"provider_id": provider}))
        child = {"referral_id": stay.id, "request_id": history.id, "places": 1}
        await self._session.execute(insert(ReferralChildRow).values(child))
        return replace(state, stays=(*state.stays, stay))

    async def _start(self, history: History, state: State, at: datetime) -> State:
        stay = self._rng.choice(state.stays)
        if stay.released or stay.ended_on:
            return state
        return await self._stay(history, state, replace(stay, started_on=self._before(state, at)), at)

    async def _end(self, history: History, state: State, at: datetime) -> State:
        stay = self._rng.choice(state.stays)
        if stay.started_on is None:
            return state
        ended_on = _later(self._rng, stay.started_on, dutch_day(at))
        return await self._stay(history, state, replace(stay, ended_on=ended_on), at)

    async def _take_back(self, history: History, state: State, at: datetime) -> State:
        stay = self._rng.choice(state.stays)
        if stay.started_on:
            return await self._stay(history, state, replace(stay, started_on=None, ended_on=None), at)
        return await self._stay(history, state, replace(stay, released=not stay.released), at)

    async def _stay(self, history: History, state: State, stay: Stay, at: datetime) -> State:
        await self._session.execute(update(ReferralRow).where(ReferralRow.id == stay.id).values(updated_at=at))
        values = {
            "started_on": stay.started_on,
            "started_at": at if stay.started_on else None,
            "ended_on": stay.ended_on,
            "ended_at": at if stay.ended_on else None,
            "released_at": at if stay.released else None,
        }
        await self._session.execute(
            update(ReferralChildRow).where(ReferralChildRow.referral_id == stay.id).values(values)
        )
        stays = tuple(stay if each.id == stay.id else each for each in state.stays)
        state = replace(state, stays=stays)
        await self._write(history, state, at)
        return state

    async def _explain(self, history: History, state: State, at: datetime) -> State:
        values = {"clock": "help", "cause": "waiting-list", "text": "Wachtlijst.", "client_id": "test"}
        await self._session.execute(insert(ExplanationRow).values(values | {"request_id": history.id, "at": at}))
        return replace(state, explained_on=(*state.explained_on, dutch_day(at)))

    async def _judge(self, history: History, state: State, at: datetime) -> State:
        if state.help_on is None:
            return state
        on, fits = _later(self._rng, state.help_on, dutch_day(at)), self._rng.choice(("yes", "partly", "no"))
        values = {"request_id": history.id, "by": "family", "fits": fits, "on": on, "client_id": "test", "at": at}
        await self._session.execute(insert(JudgementRow).values(values))
        return replace(state, judged=(*state.judged, (on, fits)))

    async def _reopen(self, history: History, state: State, at: datetime) -> State:
        if state.help_on is None or state.child.closed_on is not None:
            return state
        again = _later(
            self._rng, state.help_on + timedelta(days=1), max(dutch_day(at), state.help_on + timedelta(days=1))
        )
        values = {"request_id": history.id, "number": len(state.reopened) + 1, "needed_again_on": again}
        values |= {"why": "Liep stuk.", "helped_on": state.help_on, "at": at, "client_id": "test"}
        await self._session.execute(insert(ReopeningRow).values(values))
        state = replace(
            state, reopened=(*state.reopened, (again, state.help_on)), child=replace(state.child, help_on=None)
        )
        await self._write(history, state, at)
        return state


def seeded(seed: int) -> Random:
    """The same throws of the dice each time."""
    return Random(seed)  # noqa: S311 - makes test data


def _later(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


def end_of(day: date) -> datetime:
    """The last moment of a Dutch day."""
    return dutch_midnight(day + timedelta(days=1)) - timedelta(microseconds=1)


@dataclass(frozen=True)
class Search:
    """One search for help of a child: since when, until it was found or needed no more."""

    since: date
    until: date
    help_on: date | None
    closed_on: date | None
    due_on: date | None
    state: State
    number: int

    def waits_on(self, day: date) -> bool:
        """Whether the child waited on a day."""
        ends = [each for each in (self.help_on, self.closed_on) if each is not None]
        return self.since <= day and all(day < each for each in ends)

    def is_bridged_on(self, day: date) -> bool:
        """Whether something bridged it."""
        return any(
            each.stands_for == "bridging"
            and not each.released
            and each.started_on is not None
            and max(each.started_on, self.since) <= day < min(each.ended_on or date.max, self.until)
            for each in self.state.stays
        )

    @property
    def help_as(self) -> str | None:
        """What the help was."""
        if self.help_on is None:
            return None
        first = self.since if self.number else date.min
        found = [
            each
            for each in self.state.stays
            if each.stands_for != "bridging" and not each.released and each.started_on is not None
        ]
        found = [each for each in found if first <= (each.started_on or date.min) < self.until]
        found.sort(key=lambda each: (each.started_on or date.max, str(each.id)))
        return found[0].stands_for if found and found[0].started_on == self.help_on else "said"


def searches(state: State) -> Iterator[Search]:
    """Each search of a child, as it was known."""
    starts = [state.child.requested_on, *(again for again, _ in state.reopened)]
    for number, since in enumerate(starts):
        is_last = number == len(state.reopened)
        yield Search(
            since=since,
            until=date(9999, 12, 31) if is_last else starts[number + 1],
            help_on=state.help_on if is_last else state.reopened[number][1],
            closed_on=state.child.closed_on if is_last else None,
            due_on=_due(state.child, since if number else None),
            state=state,
            number=number,
        )


def _due(child: Child, again: date | None) -> date | None:
    """Three months after the measure, or after help was needed again."""
    if child.measure in {None, "31"}:
        return None
    start = max(child.imposed_on or child.requested_on, again or date.min)
    month = start.month + 3
    year, month = start.year + (month - 1) // 12, (month - 1) % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(start.day, last))


def all_searches(histories: Iterable[History], known_on: date) -> list[Search]:
    """The searches of all children as they were known at the end of a day."""
    states = [history.known_at(end_of(known_on)) for history in histories]
    return [search for state in states if state is not None for search in searches(state)]
