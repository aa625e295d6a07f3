"""Putting in the catalogue what the database has: all of it, or what changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from app.finding.catalogue import repository
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.records import numbers
from app.finding.catalogue.repository import Changes
from app.kit.database.sessions import Driver, ReadSession, Record
from app.kit.monitoring.log_events import CATALOGUE_SKIPPED, log
from app.kit.turns import in_turns

Rows = list[Record]
PROVIDER: Final = "provider_id"
OFFER: Final = "offer_id"


async def load(session: ReadSession) -> Catalogue:
    """All of it, of the session's one snapshot."""
    driver = await repository.driver_of_snapshot(session)
    catalogue = Catalogue(await repository.get_position(driver), await repository.get_kept_from(driver))
    async for rows in repository.all_providers(driver):
        for row in rows:
            catalogue.put_provider(row)
    catalogue.set_desks(await repository.list_desks(driver))
    contracts = _by(PROVIDER, [row async for rows in repository.all_contracts(driver) for row in rows])
    for provider_id, own in contracts.items():
        catalogue.put_contracts(provider_id, own)
    stops = _by(OFFER, [row async for rows in repository.all_stops(driver) for row in rows])
    changes = await repository.list_last_changes(driver)
    changed = {row["subject"]: row["xids"] for row in changes}
    async for given in repository.all_offers(driver):
        rows = _known(given)
        for row in rows:
            catalogue.put_offer(catalogue.prepare(row, stops.get(row["id"], ())))
        catalogue.note_changed(_of_offers(rows, changed))
    for row in changes:
        if row["is_offer"] and catalogue.find_slot(str(row["subject"])) is None:
            catalogue.note_gone(row["subject"], row["xids"])
    catalogue.take_touched()
    return catalogue


async def take_in(driver: Driver, catalogue: Catalogue, changes: Changes) -> None:
    """What changed, all at once; the caller has a transaction of the snapshot of these changes."""
    capacities = [row for row in changes.rows if row["kind"] == "capacity"]
    ids = list({row["subject"] for row in changes.rows if row["kind"] == "offer"})
    provider_ids = list({row["subject"] for row in changes.rows if row["kind"] == "provider"})
    changed = _transactions(changes.rows)
    desks = await _changed_desks(driver, changes)
    shown = await repository.list_providers(driver, provider_ids)
    contracts = _by(PROVIDER, await repository.list_contracts(driver, provider_ids))
    stops = _by(OFFER, await repository.list_stops(driver, ids, provider_ids))
    offers = _known(await repository.list_offers(driver, ids, provider_ids))
    prepared = [catalogue.prepare(row, stops.get(row["id"], ())) async for row in in_turns(offers)]
    may_have_ended = {str(each) for each in ids}.union(*map(catalogue.offers_of, provider_ids))
    catalogue.set_desks(desks)
    for row in shown:
        catalogue.put_provider(row)
        catalogue.put_contracts(row["id"], contracts[row["id"]])
    for each in prepared:
        catalogue.put_offer(each)
    for offer_id in may_have_ended.difference(each.entry.id for each in prepared):
        catalogue.remove_offer(offer_id)
        if xids := changed[UUID(offer_id)]:
            catalogue.note_gone(UUID(offer_id), xids)
    put_capacities(catalogue, capacities)
    catalogue.position = changes.position
    catalogue.note_changed(_of_offers(offers, changed))


async def _changed_desks(driver: Driver, changes: Changes) -> Rows | None:
    """The desks of all regions where one of them changed: they are few."""
    is_changed = any(row["kind"] == "desk" for row in changes.rows)
    return await repository.list_desks(driver) if is_changed else None


def put_capacities(catalogue: Catalogue, rows: Rows) -> None:
    """The capacities that changed."""
    catalogue.put_capacities(rows)
    catalogue.note_changed(_transactions(rows))


def _known(offers: Rows) -> Rows:
    """Those of a care type that this version knows; a newer one may have more, which nobody can ask for here."""
    known = [row for row in offers if row["care_type"] in numbers().care_types]
    if len(known) < len(offers):
        log(CATALOGUE_SKIPPED, offers=len(offers) - len(known))
    return known


def _transactions(rows: Iterable[Record]) -> dict[UUID, set[int]]:
    """The transactions that changed each subject."""
    found = defaultdict[UUID, set[int]](set)
    for row in rows:
        found[row["subject"]].add(row["xid"])
    return found


def _of_offers(offers: Rows, changed: Mapping[UUID, Collection[int]]) -> dict[UUID, set[int]]:
    """The transactions that changed each offer, itself or as one of its provider's."""
    return {row["id"]: {*changed.get(row["id"], ()), *changed.get(row["provider_id"], ())} for row in offers}


def _by(name: str, rows: Iterable[Record]) -> dict[UUID, Rows]:
    """The rows by what they have under that name."""
    found = defaultdict[UUID, Rows](list)
    for row in rows:
        found[row[name]].append(row)
    return found
