"""The manifest of what is published, and its files, a stretch at a time so that none is ever whole in memory."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeVar, get_args
from uuid import UUID

from app import VERSION
from app.domain.dates import dutch_day
from app.domain.language import Language, Text
from app.finding.catalogue.follower import Follower
from app.kit.database.sessions import ReadSession, ReplicaReader
from app.kit.http.respond import to_json
from app.kit.schemas import write_time
from app.reference.lists import reference
from app.standards.fhir.elements import Element
from app.standards.fhir.outcome import warning
from app.standards.fhir.repository import Service
from app.standards.fhir.service import View
from app.standards.fhir.vocabulary import STATES
from app.standards.scheduling_links import repository, resources

Item = TypeVar("Item")
Type = Literal["Location", "Schedule", "Slot"]
TYPES: Final[tuple[Type, ...]] = get_args(Type)

FILES: Final = "bulk-publish"
STRETCH: Final = 200
"""Resources that are read and written at a time."""
OVERLAP: Final = timedelta(minutes=1)
"""So much earlier than asked changes count: what was being written then shows only when it is committed."""

_NOWHERE: Final = Text(
    nl="Dit aanbod heeft geen adres om te publiceren; het staat wel in HealthcareService.",
    en="This offer has no address to publish; it is in HealthcareService all the same.",
)


@dataclass(frozen=True, slots=True)
class Edition:
    """What is published: as of when, how it is shown, and since when changes were asked; all where `since` is None."""

    view: View
    base: str
    since: datetime | None
    counts: tuple[int, ...]
    published_at: datetime

    @property
    def changed_from(self) -> datetime | None:
        """From when on changes are in it."""
        return None if self.since is None else self.since - OVERLAP

    def etag(self, name: str) -> str:
        """The ETag of what is so called: another after every change, and for everyone who sees something else."""
        view, day = self.view, dutch_day(self.view.now)
        parts = (name, self.counts, str(day), view.public, view.language, str(self.since), self.base, VERSION)
        return f'W/"{hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


async def get_edition(
    reader: ReplicaReader, follower: Follower, view: View, base: str, since: datetime | None
) -> Edition:
    """What is published now.

    The catalogue is brought up to what the counts tell of, so that no ETag is given to older content. Raises
    `CatalogueStaleError` where that cannot be done.
    """
    marks = await reader(repository.get_marks)
    if not await follower.try_to_catch_up():
        follower.check()
    published_at = max(view.day_began, marks.changed_at or view.day_began)
    return Edition(replace(view, catalogue=follower.catalogue), base, since, marks.counts, published_at)


async def get_manifest(reader: ReplicaReader, edition: Edition) -> Element:
    """Where the files are: of each type one for each province."""

    async def look(session: ReadSession) -> tuple[list[str], bool]:
        return await repository.list_municipalities(session), await repository.has_unpublished(session)

    found, unpublished = await reader(look)
    municipalities = reference().municipalities
    states = sorted({STATES[municipalities[code].province_code] for code in found if code in municipalities})
    folder = f"{edition.base}/{FILES}"
    query = "" if edition.since is None else f"?_since={write_time(edition.since)}"
    errors = [{"type": "OperationOutcome", "url": f"{folder}/OperationOutcome.ndjson"}] if unpublished else []
    return {
        "transactionTime": write_time(edition.published_at),
        "request": f"{edition.base}/$bulk-publish{query}",
        "output": [
            {"type": type_, "url": f"{folder}/{state}/{type_}.ndjson{query}", "extension": {"state": [state]}}
            for type_ in TYPES
            for state in states
        ],
        "error": errors,
    }


def municipalities_in(state: str) -> list[str]:
    """The municipalities of a province, by its abbreviation; none where there is no such province."""
    return [each.code for each in reference().municipalities.values() if STATES[each.province_code] == state]


def lines(reader: ReplicaReader, edition: Edition, state: str, type_: Type) -> AsyncIterator[bytes]:
    """The lines of a file."""
    inside, since, day_began = municipalities_in(state), edition.changed_from, edition.view.day_began
    if type_ == "Location":
        return _written(
            reader,
            lambda session, after: repository.list_places(session, inside, since, after=after, limit=STRETCH),
            lambda place: place.location.id,
            lambda found: [resources.location(each, edition.base) for each in found],
        )
    return _written(
        reader,
        lambda session, after: repository.list_services(session, inside, since, day_began, after=after, limit=STRETCH),
        lambda service: service.offer.id,
        lambda found: _show(found, edition, type_),
    )


def _show(found: list[Service], edition: Edition, type_: Type) -> list[Element]:
    view, today = edition.view, dutch_day(edition.view.now)
    available = view.availabilities_of(found)
    if type_ == "Slot":
        return [resources.slot(each, of_it, today) for each, of_it in zip(found, available, strict=True)]
    return [
        resources.schedule(each, of_it, view.language, edition.base)
        for each, of_it in zip(found, available, strict=True)
    ]


def unpublished(reader: ReplicaReader, language: Language) -> AsyncIterator[bytes]:
    """The lines of the file that says which offers are in no other."""
    return _written(
        reader,
        lambda session, after: repository.list_unpublished(session, after=after, limit=STRETCH),
        lambda id_: id_,
        lambda found: [_left_out(id_, language) for id_ in found],
    )


def _left_out(id_: UUID, language: Language) -> Element:
    issue = warning("incomplete", _NOWHERE.in_(language)) | {"diagnostics": f"HealthcareService/{id_}"}
    return {"resourceType": "OperationOutcome", "language": language, "issue": [issue]}


async def _written(
    reader: ReplicaReader,
    list_after: Callable[[ReadSession, UUID | None], Awaitable[list[Item]]],
    id_of: Callable[[Item], UUID],
    show: Callable[[list[Item]], list[dict[str, Any]]],
) -> AsyncIterator[bytes]:
    """What is listed, a line each; between two stretches no connection is held, however slowly it is taken in."""
    after: UUID | None = None
    while True:
        found = await reader(lambda session, after=after: list_after(session, after))  # type: ignore[misc]
        if not found:
            return
        yield b"".join(to_json(each) + b"\n" for each in show(found))
        after = id_of(found[-1])
