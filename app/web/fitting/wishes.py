"""The offers that can be wished for in a choice: those of its care type, the nearest first."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import orjson

from app.finding.catalogue.follower import Follower
from app.finding.search import service
from app.finding.search.schemas import AvailabilityQuery
from app.reference.lists import reference
from app.web.fitting.form import ONE_OFFER, ONE_PROVIDER, FittingForm, Line
from app.web.shell.offers import place_of
from app.web.shell.places import Place

MOST: Final = 30

Option = tuple[str, str]
"""The value of an option, and what it is called."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What can be wished for in a choice; `key` is the question that this answers."""

    line: Line
    key: str
    offers: list[Option]
    providers: list[Option]


def key_of(line: Line, place: Place | None) -> str:
    """The question that a list of wishes answers; one that the browser has is not sent again."""
    return f"{line.care_type}/{place.pc4 if place else ''}"


async def wishes_for(
    follower: Follower, form: FittingForm, place: Place | None, today: date, *, also_known: bool
) -> list[Wishes]:
    """What can be wished for in each choice; without `also_known` only of those whose list the browser has not."""
    return [
        await _wishes(follower, line, place, today)
        for line in form.lines
        if also_known or line.wishes_of != key_of(line, place)
    ]


async def _wishes(follower: Follower, line: Line, place: Place | None, today: date) -> Wishes:
    key = key_of(line, place)
    if line.care_type not in reference().care_types:
        return Wishes(line, key, [], [])
    near = {"postcode": place.pc4, "sort": "nearest"} if place else {}
    found = await _find(follower, {"careType": [line.care_type], "limit": MOST, **near}, today)
    offers = {f"{ONE_OFFER}{each['offer']['id']}": _name(each) for each in found}
    providers = {f"{ONE_PROVIDER}{each['provider']['id']}": each["provider"]["name"] for each in found}
    wish = line.wish
    if wish and wish not in {*offers, *providers}:
        for each in await _named(follower, wish, today):
            offers |= {wish: _name(each)} if wish.startswith(ONE_OFFER) else {}
            providers |= {wish: each["provider"]["name"]} if wish.startswith(ONE_PROVIDER) else {}
    return Wishes(line, key, list(offers.items()), sorted(providers.items(), key=lambda each: each[1]))


async def _named(follower: Follower, wish: str, today: date) -> list[Any]:
    """What is wished for, where it is none of the nearest."""
    try:
        id_ = UUID(wish.removeprefix(ONE_OFFER).removeprefix(ONE_PROVIDER))
    except ValueError:
        return []
    if wish.startswith(ONE_PROVIDER):
        return await _find(follower, {"provider": str(id_), "limit": 1}, today)
    found = service.find_one(follower.catalogue, id_, today, "nl", public=False)
    return [] if found is None else [orjson.loads(orjson.dumps(found))]


async def _find(follower: Follower, question: dict[str, Any], today: date) -> list[Any]:
    query = AvailabilityQuery.model_validate(question)
    found = await service.find(follower, query, None, None, today, "nl", public=False)
    items: list[Any] = orjson.loads(orjson.dumps(found.items))
    return items


def _name(item: Any) -> str:
    return f"{item['offer']['name']} · {item['provider']['name']} · {place_of(item['offer'])}"
