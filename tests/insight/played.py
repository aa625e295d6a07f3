"""Random histories, played over HTTP while days pass: what every referral looked like after each thing that was done.

Chance chooses what is done; what the service refuses (400, 404, 409) has not happened. `Played.known(day)` is what
the interface showed when that day ended, of which a test counts figures in plain Python.
"""

import asyncio
import math
import statistics
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.domain.dates import dutch_day, dutch_midnight
from app.insight.answers.definitions import Resource
from app.insight.answers.periods import Period, period_of
from tests.conftest import SavepointDatabase, SettableClock
from tests.dossiers.referrals.scene import decide, post_referral, referral_body
from tests.dossiers.referrals.test_corrections import correct
from tests.insight.scene import bring
from tests.world import World

Json = dict[str, Any]

BEGIN: Final = datetime(2026, 7, 20, 10, 30, tzinfo=UTC)
MUNICIPALITIES: Final = ("GM0400", "GM0361", "GM0344")
"""Den Helder (JZ03), Alkmaar (JZ06) and Utrecht (JZ22), in another province."""
CHILDREN: Final = (0, 1, 2, 0, 1)
"""In which of them each child lives."""
POSTCODES: Final = ("1781AB", "1811AA", "3511AA")
AUTHORISED_UNTIL: Final = ("2026-10-15", "2026-12-01", None)
"""Of the children, the last day on which they may be in secure care."""
CARE_TYPES: Final = ("gezinshuis", "jeugdzorgplus", "ambulante-begeleiding")
CHOICES: Final = tuple({"careType": each} for each in CARE_TYPES)
CAUSES: Final = ("outflow-blocked", "waiting-list")
REASONS: Final[tuple[Json, ...]] = (
    {"reason": "no-place"},
    {"reason": "contra-indication", "criteria": ["weglopen", "brandstichting"]},
)
ANSWERS: Final = {"accept": "accepted", "waitlist": "waitlisted", "decline": "declined"}


class Done(NamedTuple):
    """Something to do: to which of what there is, in which way, and how many hours pass before it."""

    what: str
    number: int
    way: int
    hours: int


def history_of(seed: int, kinds: Sequence[str]) -> list[Done]:
    """Things to do of these kinds in any order: the same for the same number."""
    chance = Random(seed)  # noqa: S311 - no secret
    return [
        Done(chance.choice(kinds), chance.randrange(1000), chance.randrange(12), chance.randrange(1, 100))
        for _ in range(60)
    ]


@dataclass(frozen=True)
class Referred:
    """A referral as it was known: as the interface shows it, its answers that stand, and when it was over."""

    shown: Json
    offer: Json | None
    child: Json
    answers: tuple[tuple[datetime, str], ...] = ()
    over: tuple[date, str] | None = None

    def day(self, name: str) -> date | None:
        """One of its days."""
        value = self.shown[name]
        return date.fromisoformat(value) if value else None

    @property
    def sent_on(self) -> date:
        return dutch_day(datetime.fromisoformat(self.shown["sentAt"]))

    @property
    def due_at(self) -> datetime:
        return datetime.fromisoformat(self.shown["answerDueAt"])


@dataclass(frozen=True)
class Known:
    """What was known at a moment, by id."""

    at: datetime
    referrals: Mapping[str, Referred]
    requests: Mapping[str, Json]
    escalations: Mapping[str, Json]
    arrangements: Mapping[str, Json]
    explained: tuple[tuple[str, str, date], ...]


@dataclass
class Played:
    """A history while it is played, and after."""

    world: World
    clock: SettableClock
    children: list[Json] = field(default_factory=list)
    offers: list[Json] = field(default_factory=list)
    stages: list[Known] = field(default_factory=list)

    @property
    def now(self) -> Known:
        """What is known so far."""
        return self.stages[-1] if self.stages else Known(BEGIN, {}, {}, {}, {}, ())

    def known(self, day: date) -> Known:
        """What was known when that day ended."""
        end = dutch_midnight(day + timedelta(days=1))
        return [Known(BEGIN, {}, {}, {}, {}, ()), *(each for each in self.stages if each.at < end)][-1]

    @property
    def today(self) -> date:
        return dutch_day(self.clock.now)

    def periods(self) -> list[tuple[Period, date]]:
        """Each month of it, with the last day that its figures are of."""
        months = {period_of(dutch_day(each.at), "month") for each in self.stages} | {period_of(self.today, "month")}
        return [(each, each.end(self.today)) for each in sorted(months, key=lambda each: each.first)]

    async def play(self, history: list[Done]) -> None:
        """Does all of it."""
        for done in history:
            self.clock.now += timedelta(hours=done.hours)
            known = await getattr(self, f"_{done.what}")(done)
            if known is not None:
                self.stages.append(await self._shown(known))
        self.clock.now += timedelta(days=3)

    async def _shown(self, known: Known) -> Known:
        """As the interface shows it now; whoever was withdrawn or declined is over since today."""
        shown = await self._list("referrals")
        referrals = {}
        for referral_id, was in known.referrals.items():
            status = shown[referral_id]["status"]
            over = (was.over or (self.today, status)) if status in {"declined", "withdrawn"} else None
            referrals[referral_id] = replace(was, shown=shown[referral_id], over=over)
        requests = await self._list("requests")
        return replace(known, at=self.clock.now, referrals=referrals, requests=requests)

    async def _list(self, name: str) -> dict[str, Json]:
        found = await self.world.ok(self.world.http.get(f"/v1/{name}?limit=200", headers=self.world.gi))
        return {each["id"]: each for each in found["items"]}

    def _pick(self, done: Done, *statuses: str) -> Referred | None:
        found = [each for each in self.now.referrals.values() if each.shown["status"] in statuses]
        return found[done.number % len(found)] if found else None

    def _with(self, referral: Referred) -> Known:
        return replace(self.now, referrals={**self.now.referrals, referral.shown["id"]: referral})

    # --- what can be done ---

    async def _refer(self, done: Done) -> Known | None:
        child = self.children[done.number % len(self.children)]
        outside = done.way == 0
        offer = None if outside else self.offers[done.number // len(self.children) % len(self.offers)]
        urgency = ("regular", "crisis", "urgent")[done.way % 3]
        body = _outside() if offer is None else referral_body(offer, standsFor=CARE_TYPES.index(offer["careType"]) + 1)
        if offer is not None and done.way == 1:
            body["standsFor"] = "bridging"
        body["summary"] = {"urgency": urgency}
        sent = await self._despite(lambda: post_referral(self.world, child, body), body)
        return None if sent is None else self._with(Referred(sent, offer, child))

    async def _despite(self, send: Callable[[], Awaitable[httpx.Response]], body: Json) -> Json | None:
        """The answer; what stands in the way is explained."""
        answer = await send()
        if answer.status_code == 409 and (reasons := answer.json().get("reasons")):
            body["despite"] = [{"reason": each, "because": "Enige plek."} for each in reasons]
            answer = await send()
        assert answer.is_success or answer.status_code in {400, 404, 409}, answer.text
        return answer.json() if answer.is_success else None

    async def _decide(self, referral: Referred, decision: str, **fields: Any) -> Known | None:
        body: Json = dict(fields)
        if await self._despite(lambda: decide(self.world, referral.shown, decision, **body), body) is None:
            return None
        answered = ((self.clock.now, decision),) if decision in ANSWERS else ()
        return self._with(replace(referral, answers=(*referral.answers, *answered)))

    async def _place(self, done: Done) -> Known | None:
        """A child is referred, accepted and comes, all said at once, perhaps long after."""
        known = await self._refer(done)
        if known is None:
            return None
        self.stages.append(await self._shown(known))
        referral = list(self.now.referrals.values())[-1]
        accepted = await self._decide(referral, "accept", expectedStart=str(self.today))
        if accepted is None:
            return None
        self.stages.append(await self._shown(accepted))
        referral = list(self.now.referrals.values())[-1]
        return await self._decide(referral, "start", date=str(self.today - timedelta(days=done.way**2)))

    async def _answer(self, done: Done) -> Known | None:
        referral = self._pick(done, "sent", "seen", "waitlisted", "accepted")
        if referral is None:
            return None
        decision = ("accept", "waitlist", "decline")[done.way % 3]
        if decision == "decline":
            return await self._decide(referral, decision, **REASONS[done.way % 2])
        return await self._decide(referral, decision, expectedStart=str(self.today))

    async def _withdraw(self, done: Done) -> Known | None:
        referral = self._pick(done, "sent", "waitlisted", "accepted")
        return await self._decide(referral, "withdraw") if referral else None

    async def _start(self, done: Done) -> Known | None:
        referral = self._pick(done, "accepted")
        return await self._decide(referral, "start", date=self._past(done)) if referral else None

    async def _end(self, done: Done) -> Known | None:
        referral = self._pick(done, "started")
        return await self._decide(referral, "end", date=self._past(done)) if referral else None

    def _past(self, done: Done) -> str:
        return str(self.today - timedelta(days=done.way))

    async def _correct(self, done: Done) -> Known | None:
        """Takes the last decision back, or gives a start or an end another day."""
        referral = self._pick(done, "accepted", "declined", "withdrawn", "started", "ended")
        if referral is None or referral.offer is None:
            return None
        status = referral.shown["status"]
        what = {
            "accepted": "accept",
            "declined": "decline",
            "withdrawn": "withdraw",
            "started": "start",
            "ended": "end",
        }[status]
        value = self._past(done) if what in {"start", "end"} and done.way % 2 else None
        answer = await correct(self.world, referral.shown, what, value)
        assert answer.is_success or answer.status_code in {400, 409}, answer.text
        if not answer.is_success:
            return None
        answers = list(referral.answers)
        if value is None and what in ANSWERS:
            last = max(number for number, each in enumerate(answers) if each[1] == what)
            del answers[last]
        return self._with(replace(referral, answers=tuple(answers)))

    async def _close(self, done: Done) -> Known | None:
        return await self._patch(done, {"status": "closed", "closedReason": "as-planned"})

    async def _reopen(self, done: Done) -> Known | None:
        return await self._patch(done, {"status": "open"})

    async def _patch(self, done: Done, body: Json) -> Known | None:
        child = self.children[done.number % len(self.children)]
        headers = self.world.gi | {"If-Match": "*"}
        answer = await self.world.http.patch(f"/v1/requests/{child['id']}", json=body, headers=headers)
        assert answer.is_success or answer.status_code in {400, 409}, answer.text
        return self.now if answer.is_success else None

    async def _again(self, done: Done) -> Known | None:
        """Help is needed again, after help that did not last."""
        child = self.children[done.number % len(self.children)]
        body = {"neededAgainOn": self._past(done), "why": "De plaatsing is afgebroken."}
        answer = await self.world.http.post(f"/v1/requests/{child['id']}/reopenings", json=body, headers=self.world.gi)
        assert answer.is_success or answer.status_code in {400, 409}, answer.text
        return self.now if answer.is_success else None

    async def _explain(self, done: Done) -> Known | None:
        child = self.children[done.number % len(self.children)]
        cause = CAUSES[done.way % 2]
        for clock in ("help", "next-place"):
            body = {"clock": clock, "cause": cause, "text": "Er is geen plek."}
            answer = await self.world.http.post(
                f"/v1/requests/{child['id']}/explanations", json=body, headers=self.world.gi
            )
            if answer.is_success:
                return replace(self.now, explained=(*self.now.explained, (child["id"], cause, self.today)))
        return None

    async def _escalate(self, done: Done) -> Known | None:
        child = self.children[done.number % len(self.children)]
        step = ("local-team", "expert-team", "supraregional-network", "national")[done.way % 4]
        path = f"/v1/requests/{child['id']}/escalations"
        body = {"step": step, "reason": CAUSES[done.way % 2], "asked": "Wie heeft een plek?"}
        answer = await self.world.http.post(path, json=body, headers=self.world.gi)
        if not answer.is_success:
            body["skipReason"] = "Al betrokken."
            answer = await self.world.http.post(path, json=body, headers=self.world.gi)
        assert answer.is_success or answer.status_code in {400, 409}, answer.text
        return self._escalated(answer) if answer.is_success else None

    def _escalated(self, answer: httpx.Response) -> Known:
        made = answer.json()
        return replace(self.now, escalations={**self.now.escalations, made["id"]: made})

    async def _outcome(self, done: Done) -> Known | None:
        found = list(self.now.escalations.values())
        if not found:
            return None
        escalation = found[done.number % len(found)]
        bodies: tuple[Json, ...] = (
            {"outcome": "Er is een plek.", "outcomeKind": "help", "lesson": _LESSON},
            {"outcome": "Het kan niet.", "outcomeKind": "explanation"},
            {"outcome": "Is de school akkoord?", "outcomeKind": "question"},
            {"answer": "De school is akkoord."},
            {"outcome": "Iets."},
            {"outcome": None},
            {"outcome": "Er is een plek.", "outcomeOn": self._past(done), "outcomeKind": "help"},
        )
        answer = await self.world.http.patch(
            f"/v1/requests/{escalation['requestId']}/escalations/{escalation['id']}",
            json=bodies[done.way % len(bodies)],
            headers=self.world.gi | {"If-Match": "*"},
        )
        assert answer.is_success or answer.status_code in {400, 409}, answer.text
        return self._escalated(answer) if answer.is_success else None


_LESSON: Final = {"careTypes": ["gezinshuis"], "text": "Een tweede begeleider gaf vertrouwen."}


def _outside() -> Json:
    care = {"kind": "tailored", "description": "Zorgboerderij", "providerName": "Demo De Es"}
    return referral_body(standsFor="outside", outsideCare=care)


async def for_histories(
    world: World,
    clock: SettableClock,
    kinds: tuple[str, ...],
    check: Callable[[Played], Awaitable[None]],
    *,
    examples: int = 4,
) -> None:
    """Plays random histories of these kinds of doing, each from the same beginning, and checks each."""
    clock.now = BEGIN
    offers = await _offers(world)
    children = [
        await world.add_request(
            child={
                "municipality": MUNICIPALITIES[number],
                "postcode": POSTCODES[number][:4],
                "measure": {"type": "21", "imposedOn": "2026-04-01"},
                "courtAuthorisation": True,
                "courtAuthorisationUntil": AUTHORISED_UNTIL[number],
            },
            choices=CHOICES,
            requestedOn="2026-04-15",
        )
        for number in CHILDREN
    ]
    loop, database = asyncio.get_running_loop(), world.parts.database
    assert isinstance(database, SavepointDatabase)

    async def one(seed: int) -> None:
        clock.now = BEGIN
        async with database.connection.begin_nested() as savepoint:
            played = Played(world, clock, children, offers)
            await played.play(history_of(seed, kinds))
            await check(played)
            await savepoint.rollback()

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(st.integers(0, 2**32))
    def run(seed: int) -> None:
        asyncio.run_coroutine_threadsafe(one(seed), loop).result()

    await asyncio.to_thread(run)


async def _offers(world: World) -> list[Json]:
    """An offer of each care type in each place, and one at home; those of the first provider are not contracted."""
    offers = []
    for number, postcode in enumerate(POSTCODES):
        provider_id = await world.add_provider()
        await world.add_location(provider_id, postcode=postcode)
        offers += [
            await world.add_offer(provider_id, careType=care_type, locationKey="here") for care_type in CARE_TYPES
        ]
        if number:
            regions = ["JZ03", "JZ06", "JZ22"]
            await world.add_contract(provider_id, regions=regions)
    home = await world.add_offer(
        offers[0]["providerId"], careType=CARE_TYPES[2], atHome=True, serviceArea=list(MUNICIPALITIES)
    )
    return [*offers, home]


@dataclass(frozen=True)
class Row:
    """One thing that may be counted: its codes by dimension, the figures that count it, and its days in a sample."""

    codes: Mapping[str, list[str]]
    counts: Mapping[str, bool]
    days: Mapping[str, int] = field(default_factory=dict)


Rows = Callable[[Known, Period, date], Iterable[Row]]
"""What there is in a period, as it was known: up to the last day that its figures are of."""


async def check_figures(played: Played, resource: Resource, rows_of: Rows) -> None:
    """Compares every figure of a resource, by everything, as known then and now, with what plain Python counts."""
    world, periods = played.world, played.periods()
    await bring(world)
    for known in ("then", "now"):
        for by in resource.by:
            query = {"by": by, "known": known, "firstMonth": periods[0][0].name, "lastMonth": periods[-1][0].name}
            path = f"/v1/insight/{resource.name}"
            answer = await world.ok(world.http.get(path, params=query, headers=world.gi))
            found = [
                (period, row)
                for period, last in periods
                for row in rows_of(played.known(last if known == "then" else played.today), period, last)
            ]
            wrong = differing(shown_by_code(resource, answer), figures_by_code(resource, by, found))
            assert not wrong, f"by {by}, known {known}: {wrong}"


def figures_by_code(resource: Resource, by: str, rows: Iterable[tuple[Period, Row]]) -> dict[tuple[str, str], Json]:
    """The figures of rows by period and code, and of all under an empty code; where nothing counts there are none."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for period, row in rows:
        for code in {*row.codes[by], ""} if any(row.counts.values()) else ():
            found[period.name, code].append(row)
    return {key: figures(resource, each) for key, each in found.items()}


def shown_by_code(resource: Resource, answer: Json) -> dict[tuple[str, str], Json]:
    """The rows of an answer in which anything is counted, by period and code."""
    return {
        (row["period"], row.get("code", "")): {each.name: row[each.name] for each in resource}
        for row in [*answer["totals"], *answer["items"]]
        if any(row[name] for name in resource.counts)
    }


def differing(shown: Mapping[Any, Json], expected: Mapping[Any, Json]) -> Json:
    """What is shown and what was expected, of the figures that differ."""
    pairs = {key: (shown.get(key, {}), expected.get(key, {})) for key in {*shown, *expected}}
    return {
        f"{key} {name}": (one.get(name), other.get(name))
        for key, (one, other) in pairs.items()
        for name in {*one, *other}
        if one.get(name) != other.get(name)
    }


def figures(resource: Resource, rows: list[Row]) -> Json:
    """The figures of these rows."""
    counts = {name: sum(row.counts.get(name, False) for row in rows) for name in resource.counts}
    found: Json = dict(counts)
    for each in resource:
        if each.of is not None:
            above, below = (counts[name] for name in each.of)
            found[each.name] = round(above / below, 4) if below else None
        elif each.sample is not None:
            days = sorted(row.days[each.sample] for row in rows if row.counts.get(each.sample))
            ninth = days[math.ceil(0.9 * len(days)) - 1] if days else None
            found[each.name] = ninth if each.kind == "p90" else statistics.median(days) if days else None
    return found


def within(day: date | None, period: Period, last: date) -> bool:
    """Whether a day is in a period, up to its last day."""
    return day is not None and period.first <= day <= last


def by_then(day: date | None, last: date) -> bool:
    """Whether something had happened by that day."""
    return day is not None and day <= last
