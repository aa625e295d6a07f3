"""Putting in the catalogue what the database has: all of it, or what changed."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Final
from uuid import UUID

import asyncpg

from app.catalogue import repository
from app.catalogue.catalogue import Catalogue
from app.catalogue.repository import Changes
from app.kit.db import Driver, ReadSession

STRETCH: Final = 200
"""Offers that are prepared before others get their turn."""

Rows = list[asyncpg.Record]


async def load(session: ReadSession) -> Catalogue:
    """All of it, of the session's one snapshot."""
    driver = await repository.driver_of_snapshot(session)
    catalogue = Catalogue(await repository.get_position(driver))
    async for rows in repository.all_providers(driver):
        for row in rows:
            catalogue.put_provider(row)
    catalogue.set_terms([catalogue.terms(rows) async for rows in repository.all_contracts(driver)])
    stops = _by_offer([row async for rows in repository.all_stops(driver) for row in rows])
    changed = {row["subject"]: row["xid"] for row in await repository.list_last_changes(driver)}
    async for rows in repository.all_offers(driver):
        for row in rows:
            last = max(changed.get(row["id"], 0), changed.get(row["provider_id"], 0))
            catalogue.put_offer(catalogue.prepare(row, last, stops.get(row["id"], ())))
    return catalogue


async def take_in(driver: Driver, catalogue: Catalogue, changes: Changes) -> None:
    """What changed, all at once; the caller has a transaction of the snapshot of these changes."""
    capacities = [row for row in changes.rows if row["kind"] == "capacity"]
    offers = _last([row for row in changes.rows if row["kind"] == "offer"])
    providers = _last([row for row in changes.rows if row["kind"] == "provider"])
    ids, provider_ids = list(offers), list(providers)
    shown = await repository.list_providers(driver, provider_ids)
    contracts = defaultdict[UUID, Rows](list)
    for row in await repository.list_contracts(driver, provider_ids):
        contracts[row["provider_id"]].append(row)
    stops = _by_offer(await repository.list_stops(driver, ids, provider_ids))
    prepared = []
    for number, row in enumerate(await repository.list_offers(driver, ids, provider_ids), start=1):
        last = max(offers.get(row["id"], 0), providers.get(row["provider_id"], 0))
        prepared.append(catalogue.prepare(row, last, stops.get(row["id"], ())))
        if number % STRETCH == 0:
            await asyncio.sleep(0)
    gone = {str(each) for each in ids}.union(*map(catalogue.offers_of, provider_ids))
    for row in shown:
        catalogue.put_provider(row)
        catalogue.put_contracts(row["id"], contracts[row["id"]])
    for each in prepared:
        catalogue.put_offer(each)
    for offer_id in gone.difference(each.entry.id for each in prepared):
        catalogue.remove_offer(offer_id)
    catalogue.put_capacities(capacities)
    catalogue.position = changes.position


def _last(rows: Iterable[asyncpg.Record]) -> dict[UUID, int]:
    """The last transaction that changed each subject."""
    last: dict[UUID, int] = {}
    for row in rows:
        last[row["subject"]] = max(row["xid"], last.get(row["subject"], 0))
    return last


def _by_offer(rows: Rows) -> dict[UUID, Rows]:
    found = defaultdict[UUID, Rows](list)
    for row in rows:
        found[row["offer_id"]].append(row)
    return found
