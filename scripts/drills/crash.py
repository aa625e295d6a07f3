"""A worker, the supervisor or PostgreSQL is killed under writes: what was acknowledged is there, once.

Each round reports on offers and has several accept one last place, all with Idempotency-Keys and repeated until they
are answered; meanwhile one of the three is killed. Nothing that was acknowledged may be lost or doubled, and the last
place goes to one. Others report without a key at the same time, so that their reports share statements and commits:
what was acknowledged of these is there once, and what was not at most once.
"""

import argparse
import asyncio
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

import httpx

from scripts.drills._postgres import Server as Postgres
from scripts.drills._processes import PATIENCE, runs, until
from scripts.drills._service import DATABASE, WORKERS, Remote, Service, postgres, running
from scripts.drills._told import Told, seconds_of

_OFFERS: Final = 4
_TOGETHER: Final = 16
"""Offers that are reported on at the same time without a key."""
_WHO_ACCEPT: Final = 3
_BEFORE_REPEAT: Final = 0.1
_AFTER: Final = 0.3
"""Seconds that writes go on when it answers again."""
_REPORTED: Final = "SELECT array_agg(waiting_count ORDER BY id) FROM capacity_reports WHERE offer_id = $1"
_STANDS: Final = """
    SELECT (SELECT waiting_count FROM capacity_reports WHERE offer_id = $1 ORDER BY observed_at DESC, id DESC LIMIT 1)
        IS NOT DISTINCT FROM (SELECT waiting_count FROM current_capacities WHERE offer_id = $1)
"""
"""Whether what stands is the newest report."""
_SHARED: Final = """
    SELECT coalesce(sum(reports), 0)::int
    FROM (SELECT count(*) AS reports FROM capacity_reports GROUP BY xmin::text HAVING count(*) > 1) AS groups
"""
"""How many reports were committed with another."""
_REFERRED: Final = "SELECT count(*) FROM referrals WHERE offer_id = $1"

_TURNS: Final = ("worker", "PostgreSQL", "worker", "PostgreSQL", "supervisor")
"""A service that starts anew takes long."""

Json = dict[str, Any]


@dataclass
class Sent:
    """The reports on an offer without a key: their numbers, up to the last that was sent."""

    last: int = 0
    acknowledged: list[int] = field(default_factory=list)


@dataclass
class Scene:
    """What is written, by whom, and what was answered."""

    api: Remote
    service: Service
    postgres: Postgres
    told: Told
    acknowledged: int = 0
    repeated: int = 0
    unknown: int = 0
    reported: dict[str, list[int]] = field(default_factory=dict)
    together: dict[str, "Sent"] = field(default_factory=dict)
    again: dict[str, list[float]] = field(default_factory=dict)

    async def insist(self, method: str, path: str, body: Json, headers: dict[str, str]) -> httpx.Response:
        """The answer to a request that is repeated, with one key, until there is one other than a 503."""
        headers = headers | {"Idempotency-Key": str(uuid4())}
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    answer = await self.api.http.request(method, path, json=body, headers=headers)
                except httpx.TransportError:
                    answer = None
                if answer is not None and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    expected = answer.is_success or answer.status_code == httpx.codes.CONFLICT
                    self.told.demand(expected, f"{method} {path}: {answer.status_code} {answer.text}")
                    self.acknowledged += answer.is_success
                    return answer
                self.repeated += 1
                await asyncio.sleep(_BEFORE_REPEAT)

    async def report(self, offer: Json, enough: asyncio.Event) -> None:
        """Reports on an offer, one after another, each with a number of its own that waits."""
        given = self.reported.setdefault(offer["id"], [])
        headers = self.api.provider(offer["providerId"])
        while not enough.is_set():
            number = len(given) + 1
            body = {"placesFree": 1, "waitingCount": number, "acceptsReferrals": True}
            answer = await self.insist("PUT", f"/v1/offers/{offer['id']}/capacity", body, headers)
            self.told.demand(answer.is_success, f"a report got {answer.status_code}: {answer.text}")
            given.append(number)

    async def report_once(self, offer: Json, enough: asyncio.Event) -> None:
        """Reports on an offer without a key, one after another; what is not acknowledged is not sent again."""
        sent = self.together.setdefault(offer["id"], Sent())
        path, headers = f"/v1/offers/{offer['id']}/capacity", self.api.provider(offer["providerId"])
        while not enough.is_set():
            sent.last += 1
            body = {"placesFree": 1, "waitingCount": sent.last, "acceptsReferrals": True}
            try:
                answer = await self.api.http.put(path, json=body, headers=headers)
            except httpx.TransportError:
                answer = None
            if answer is None or answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                self.unknown += 1
                await asyncio.sleep(_BEFORE_REPEAT)
                continue
            self.told.demand(answer.is_success, f"a report without a key got {answer.status_code}: {answer.text}")
            stands = answer.json()["waitingCount"]
            self.told.demand(stands == sent.last, f"report {sent.last} was answered with {stands}")
            sent.acknowledged.append(sent.last)

    async def add_last_place(self) -> tuple[Json, list[Json]]:
        """An offer with one place, and children who might go there."""
        offer = await self.api.contracted_offer()
        await self.api.report(offer, placesTotal=1, placesOccupied=0, placesReserved=0, placesFree=1)
        return offer, [await self.api.add_request() for _ in range(_WHO_ACCEPT)]

    async def give_last_place(self, offer: Json, requests: list[Json]) -> None:
        """The children are referred to the offer, and its provider accepts them all at once; one gets the place."""
        body = {"standsFor": 1, "summary": {"urgency": "regular"}, "offerId": offer["id"]}
        sent = [self.insist("POST", f"/v1/requests/{each['id']}/referrals", body, self.api.gi) for each in requests]
        referrals = [answer.json() for answer in await asyncio.gather(*sent) if answer.is_success]
        headers = self.api.provider(offer["providerId"])
        accepting = [
            self.insist("POST", f"/v1/referrals/{each['id']}/decisions", {"decision": "accept"}, headers)
            for each in referrals
        ]
        answers = Counter(each.status_code for each in await asyncio.gather(*accepting))
        self.told.demand(answers == {201: 1, 409: _WHO_ACCEPT - 1}, f"the last place was answered with {answers}")
        states = Counter([(await self._get(f"/v1/referrals/{each['id']}"))["status"] for each in referrals])
        self.told.demand(states == {"accepted": 1, "sent": _WHO_ACCEPT - 1}, f"the last place went to {states}")
        now = await self._get(f"/v1/offers/{offer['id']}/capacity")
        places = now["placesFree"], now["placesReserved"]
        self.told.demand(places == (0, 1), f"after the last place {places} are free and reserved")
        referred = await self.postgres.ask(_REFERRED, offer["id"], database=DATABASE)
        self.told.demand(referred == _WHO_ACCEPT, f"{referred} referrals of {_WHO_ACCEPT}")

    async def _get(self, path: str) -> Json:
        return dict((await self.insist("GET", path, {}, self.api.gi)).json())

    async def check_reports(self) -> None:
        """Each acknowledged report is there once, and no other."""
        for offer, given in self.reported.items():
            kept = await self.postgres.ask(_REPORTED, offer, database=DATABASE) or []
            self.told.demand(kept == given, f"{len(given)} reports were acknowledged, {len(kept)} are there")
        for offer, sent in self.together.items():
            kept = await self.postgres.ask(_REPORTED, offer, database=DATABASE) or []
            is_once = len(kept) == len(set(kept)) and set(kept) <= set(range(1, sent.last + 1))
            self.told.demand(is_once, f"of {sent.last} reports without a key these are there: {kept}")
            lost = sorted(set(sent.acknowledged) - set(kept))
            self.told.demand(not lost, f"reports without a key were acknowledged, and are not there: {lost}")
            stands = await self.postgres.ask(_STANDS, offer, database=DATABASE)
            self.told.demand(stands, f"what stands is not the newest of {kept[-3:]}")

    # --- what is killed, and started again where nothing else does

    async def kill_worker(self, dice: random.Random) -> None:
        """Its supervisor starts another."""
        before = self.service.server.worker_pids
        killed = dice.choice(before)
        os.kill(killed, signal.SIGKILL)
        await until(lambda: len(left := self.service.server.worker_pids) == WORKERS and killed not in left)

    async def kill_supervisor(self, _: random.Random) -> None:
        """Its workers end; whoever runs it starts it anew."""
        workers = self.service.server.worker_pids
        os.kill(self.service.server.pid, signal.SIGKILL)
        await until(lambda: not any(map(runs, workers)))
        await asyncio.to_thread(self.service.restart)
        self.api.http.base_url = httpx.URL(self.service.server.url)

    async def kill_postgres(self, _: random.Random) -> None:
        """It recovers from its log, started by whoever runs it."""
        await asyncio.to_thread(self.postgres.kill)
        await asyncio.to_thread(self.postgres.start)


class Offers(NamedTuple):
    """Those that are reported on with keys, and those without."""

    insisted: list[Json]
    together: list[Json]


async def _round(scene: Scene, offers: Offers, kill: Callable[[random.Random], Awaitable[None]], name: str) -> None:
    dice, enough = random.Random(), asyncio.Event()  # noqa: S311 - moments
    offer, requests = await scene.add_last_place()
    last_place = asyncio.create_task(scene.give_last_place(offer, requests))
    writers = [asyncio.create_task(scene.report(each, enough)) for each in offers.insisted]
    writers += [asyncio.create_task(scene.report_once(each, enough)) for each in offers.together]
    await asyncio.sleep(dice.uniform(0, 0.5))
    began = time.monotonic()
    await kill(dice)
    async with asyncio.timeout(PATIENCE):
        while not await _is_ready(scene.api):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(_BEFORE_REPEAT)
    scene.again.setdefault(name, []).append(time.monotonic() - began)
    await asyncio.sleep(_AFTER)
    enough.set()
    await asyncio.gather(*writers, last_place)
    await scene.check_reports()


async def _is_ready(api: Remote) -> bool:
    try:
        return (await api.http.get("/v1/health/ready")).is_success
    except httpx.TransportError:
        return False


async def _run(scene: Scene, rounds: int, turns: Sequence[str]) -> None:
    added = [await scene.api.add_offer() for _ in range(_OFFERS + _TOGETHER)]
    offers = Offers(added[:_OFFERS], added[_OFFERS:])
    kills = {"worker": scene.kill_worker, "PostgreSQL": scene.kill_postgres, "supervisor": scene.kill_supervisor}
    for number in range(rounds):
        name = turns[number % len(turns)]
        await _round(scene, offers, kills[name], name)
        print(f"round {number + 1}: {name} killed, again after {scene.again[name][-1]:.1f} s", flush=True)
    shared = await scene.postgres.ask(_SHARED, database=DATABASE)
    scene.told.figures["reports that shared a commit"] = str(shared)
    scene.told.demand(shared > 0, "no two reports shared a commit")
    await scene.api.http.aclose()


def main(arguments: list[str]) -> int:
    """0 where nothing that was acknowledged was lost or doubled."""
    parser = argparse.ArgumentParser(prog="scripts/drill crash", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--only", choices=sorted(set(_TURNS)), help="kill nothing but this")
    options = parser.parse_args(arguments)
    rounds, turns = options.rounds, (options.only,) if options.only else _TURNS
    told = Told()
    with (
        tempfile.TemporaryDirectory(prefix="wijzer-drill-") as folder,
        postgres() as database,
        running(database.url(DATABASE), Path(folder)) as service,
    ):
        scene = Scene(Remote(service.server.url), service, database, told)
        asyncio.run(_run(scene, rounds, turns))
    told.figures |= {
        "rounds": str(rounds),
        "writes acknowledged": str(scene.acknowledged),
        "requests repeated": str(scene.repeated),
        "reports without a key acknowledged": str(sum(len(each.acknowledged) for each in scene.together.values())),
        "reports without a key of which nobody was told": str(scene.unknown),
        **{f"ready again after {name}": seconds_of(times) for name, times in scene.again.items()},
    }
    return told.show()
