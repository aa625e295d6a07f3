"""What is asked of the service: every request another one, and the same ones on every machine on the same day."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import orjson
from cachetools import TTLCache, cached

from app.demo.profiles import PROFILES
from app.demo.rows import dice
from app.kit.clock import system_clock
from app.kit.security.callers import Caller, Role, claims_of
from app.kit.security.tokens import Tokens
from app.reference.lists import PostcodeArea, reference
from app.settings import Settings
from scripts.benchmark.dataset import Ground, area

PAGE: Final = 50
"""Items on a search page."""
BULK: Final = 1_000
"""Reports in a file."""
NEW_LINE: Final = "\x1e"
"""What stands for the end of a line in a body, because a question is one line."""


REFERRERS: Final = 50
"""Clients that search and match in turn."""
ADMIN: Final = Caller("benchmark-admin", UUID(int=0), Role.ADMIN)
TOKEN_LIFETIME: Final = timedelta(hours=1)
"""The longest that the service takes."""
_TOKENS: Final = Tokens(Settings(database_url="postgresql+asyncpg://", demo=True, signing_key=None))


@cached(TTLCache(1_000, TOKEN_LIFETIME.total_seconds() / 2))
def token(asker: Caller) -> str:
    """The token of a caller, signed as `POST /oauth/token` would; for half of its life the same one again."""
    return _TOKENS.issue(claims_of(asker), system_clock(), TOKEN_LIFETIME)


def referrer(number: int) -> Caller:
    """One of `REFERRERS` in turn."""
    number %= REFERRERS
    return Caller(f"benchmark-gi-{number}", UUID(int=number), Role.GI)


@dataclass(frozen=True, slots=True)
class Target:
    """An offer to report on, and how its provider names it."""

    offer: UUID
    provider: UUID
    key: str

    @property
    def owner(self) -> Caller:
        """Its provider."""
        return Caller(f"benchmark-{self.provider}", self.provider, Role.PROVIDER, provider_id=self.provider)


@dataclass(frozen=True, slots=True)
class Question:
    """A request, and who asks."""

    method: str
    path: str
    asker: Caller
    body: bytes = b""
    media_type: str = "application/json"


def matches(ground: Ground, today: date, count: int) -> Iterator[Question]:
    """Children of a ground with three choices each, limit 20 as by default."""
    for number in range(count):
        rng = dice("benchmark match", ground, number)
        yield Question("POST", "/v1/matches", referrer(number), orjson.dumps(match_body(rng, ground, today)))


def match_body(rng: random.Random, ground: Ground, today: date) -> dict[str, Any]:
    """One child's: where it lives, its measure, its three choices, and what it needs and wishes."""
    home = _home(rng, ground)
    choices = [{"careType": code} for code in rng.sample(tuple(reference().care_types), 3)]
    body: dict[str, Any] = {"child": _child(rng, home, today), "choices": choices}
    known = PROFILES[choices[0]["careType"]]
    if rng.random() < 0.5:
        choices[0] |= {"maxDistanceKm": rng.randint(25, 120)}  # type: ignore[dict-item]
    if rng.random() < 0.2:
        body["needs"] = [rng.choice(known.specialisations)]
    if rng.random() < 0.6:
        body["wishes"] = sorted(rng.sample(tuple(reference().specialisations), rng.randint(1, 2)))
    if rng.random() < 0.25:
        body["characteristics"] = [rng.choice(tuple(reference().exclusion_criteria))]
    if rng.random() < 0.05:
        body["places"] = 2
    if rng.random() < 0.1:
        body["policy"] = rng.choice(("choice-first", "soonest-first", "nearest-first"))
    return body


def _home(rng: random.Random, ground: Ground) -> PostcodeArea:
    own = area(ground)
    return rng.choice(own[rng.choice(list(own))])


def _child(rng: random.Random, home: PostcodeArea, today: date) -> dict[str, Any]:
    born = today - timedelta(days=rng.randint(0, 17 * 365))
    child: dict[str, Any] = {
        "birthMonth": f"{born.year}-{born.month:02d}",
        "gender": rng.choices(("female", "male", "other"), (48, 48, 4))[0],
        "municipality": home.municipality,
        "postcode": home.pc4,
        "courtAuthorisation": rng.random() < 0.1,
    }
    if rng.random() < 0.8:
        child["measure"] = {"type": "21", "imposedOn": str(today - timedelta(days=rng.randint(0, 80)))}
    return child


def searches(ground: Ground, _today: date, count: int) -> Iterator[Question]:
    """Pages of 50: two care types, contracted for a municipality, from a postcode, in each order."""
    for number in range(count):
        rng = dice("benchmark search", ground, number)
        home = _home(rng, ground)
        keys: list[tuple[str, Any]] = [("careType", code) for code in rng.sample(tuple(reference().care_types), 2)]
        keys += [("contractedFor", home.municipality), ("postcode", home.pc4), ("limit", PAGE)]
        order = rng.choices(("soonest", "nearest", "freshest"), (60, 30, 10))[0]
        keys += [("sort", order)] if order != "soonest" else []
        keys += [("gender", rng.choice(("female", "male")))] if rng.random() < 0.3 else []
        yield Question("GET", f"/v1/availability?{urlencode(keys)}", referrer(number))


def capacity_reports(offers: Sequence[Target], count: int) -> Iterator[Question]:
    """Reports on these offers, each by the offer's own provider."""
    for number in range(count):
        rng = dice("benchmark capacity", number)
        yield capacity_report(rng.choice(offers), rng.randint(0, 5), waiting=rng.choice((0, 0, 0, 2, 7)))


def capacity_report(target: Target, free: int, *, waiting: int = 0) -> Question:
    """A report on this offer."""
    places = {"placesTotal": 8 + free, "placesOccupied": 7, "placesReserved": 1, "placesFree": free}
    # what the report before said has to be named: a report that leaves it out could reopen an intake unseen
    content = orjson.dumps(places | {"waitingCount": waiting, "acceptsReferrals": True})
    return Question("PUT", f"/v1/offers/{target.offer}/capacity", target.owner, content)


def bulk_reports(offers: Sequence[Target], count: int) -> Iterator[Question]:
    """Files of reports on these offers, by their providers' own keys."""
    for number in range(count):
        rng = dice("benchmark bulk", number)
        rows = [
            f"{each.provider},{each.key},{8 + free},7,1,{free}"
            for each in rng.sample(offers, min(BULK, len(offers)))
            for free in [rng.randint(0, 5)]
        ]
        body = "\n".join(["providerId,offerKey,placesTotal,placesOccupied,placesReserved,placesFree", *rows])
        yield Question("POST", "/v1/capacity-reports", ADMIN, body.encode(), "text/csv")


def lines(questions: Iterable[Question]) -> Iterator[str]:
    """The questions as the load generator reads them: method, path, token, media type and body, with tabs between."""
    for each in questions:
        body = each.body.decode().replace("\n", NEW_LINE)
        yield "\t".join((each.method, each.path, token(each.asker), each.media_type, body))
