"""What a batch makes of the locations and offers that are there: told, and ready to be written. Touches nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from pydantic.alias_generators import to_camel

from app.kit.database.upserts import differing
from app.kit.errors import ApiError, InvalidInputError
from app.kit.schemas import Change
from app.kit.turns import in_turns
from app.supply.offer_batches.items import Content, Item
from app.supply.offer_batches.schemas import LocationItem, OfferItem, Status
from app.supply.offers.schemas import OfferIn
from app.supply.offers.service import offer_values
from app.supply.providers.service import location_values

_WRITTEN: Final = (*(name for name in OfferIn.model_fields if name != "location_key"), "location_id")
"""The columns of an offer that its provider writes."""

Standing = Mapping[str, Any]
"""The rows that are there, by key."""

_NAMES: Final = {"municipality_code": "municipality", "location_id": "locationKey"}
"""What columns are called outside, where that is not their own name."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of an item; `id` is that of its row, None where there is none (yet)."""

    key: str
    status: Status
    id: UUID | None = None
    changes: Sequence[Change] = ()
    error: ApiError | None = None


@dataclass(slots=True)
class Plan:
    """What comes of each item, and the rows to write for it, whole: those to create and those to replace."""

    outcomes: list[Outcome] = field(default_factory=list)
    ended: list[Outcome] = field(default_factory=list)
    created: list[dict[str, Any]] = field(default_factory=list)
    replaced: list[dict[str, Any]] = field(default_factory=list)


async def plan_locations(items: Iterable[Item[LocationItem]], standing: Standing) -> Plan:
    """Of locations."""
    return await _plan(items, standing, location_values, {})


async def plan_offers(items: Iterable[Item[OfferItem]], standing: Standing, locations: Mapping[str, UUID]) -> Plan:
    """Of offers, which may lie at these locations (ids by key)."""
    keys: dict[object, object] = {each: key for key, each in locations.items()}

    def values_of(offer: OfferItem) -> dict[str, Any]:
        return offer_values(offer, None if offer.location_key is None else locations.get(offer.location_key))

    return await _plan(items, standing, values_of, keys)


async def _plan(
    items: Iterable[Item[Content]],
    standing: Standing,
    values_of: Callable[[Content], dict[str, Any]],
    shown: Mapping[object, object],
) -> Plan:
    plan = Plan()
    async for item in in_turns(items):
        try:
            if isinstance(item.content, InvalidInputError):
                plan.outcomes.append(Outcome(item.key, "rejected", error=item.content))
            else:
                plan.outcomes.append(_put(plan, item.key, values_of(item.content), standing.get(item.key), shown))
        except InvalidInputError as error:
            plan.outcomes.append(Outcome(item.key, "rejected", error=item.placed(error)))
    return plan


def _put(plan: Plan, key: str, values: dict[str, Any], row: Any, shown: Mapping[object, object]) -> Outcome:
    if row is None:
        plan.created.append(values | {"id": uuid4(), "key": key})
        return Outcome(key, "created")
    changed = differing(row, values)
    if not changed:
        return Outcome(key, "unchanged", row.id)
    plan.replaced.append(values | {"id": row.id})
    return Outcome(key, "replaced", row.id, [_change(row, name, new, shown) for name, new in changed.items()])


def _change(row: Any, name: str, new: object, shown: Mapping[object, object]) -> Change:
    old = getattr(row, name)
    if name == "location_id":
        old, new = shown.get(old), shown.get(new)
    return Change.model_construct(field=_NAMES.get(name) or to_camel(name), old=old, new=new)


def end_missing(plan: Plan, items: Iterable[Item[OfferItem]], standing: Standing, now: datetime) -> None:
    """Ends the offers that no item is about, whatever came of it."""
    listed = {item.key for item in items}
    for key in sorted(standing.keys() - listed):
        row = standing[key]
        if row.ended_at is None:
            values = {name: getattr(row, name) for name in _WRITTEN}
            plan.replaced.append(values | {"id": row.id, "ended_at": now})
            plan.ended.append(Outcome(key, "ended", row.id))
