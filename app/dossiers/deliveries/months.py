"""Which institutions have delivered, or confirmed, their waiting children for a month, and which have not."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.access.tables import OrganisationRow
from app.domain.dates import YearMonth, dutch_day
from app.domain.language import Text
from app.dossiers.deliveries import repository
from app.dossiers.deliveries.month_schemas import DeliveryIn, DeliveryOut, DeliveryQuery, InstitutionMonth, State
from app.dossiers.deliveries.tables import DeliveryRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller, Role
from app.reference.lists import reference


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution in a month: what it delivered, the last one first, and when it was reminded.

    Without a name where nobody said it, without an id where it is not registered here.
    """

    name: str | None
    organisation_id: UUID | None
    month: str
    deliveries: Sequence[DeliveryRow] = field(default=())
    reminded_at: datetime | None = None
    is_own: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What the list is ordered by."""
        return self.name or "", str(self.organisation_id or "")

    @property
    def state(self) -> State:
        """How far it is."""
        kinds = {row.kind for row in self.deliveries if row.counts}
        return "delivered" if "delivered" in kinds else "confirmed" if kinds else "missing"


async def confirm(session: WriteSession, caller: Caller, body: DeliveryIn, now: datetime) -> DeliveryRow:
    """Records that the caller's dossiers are complete for a month that has begun."""
    today = dutch_day(now)
    if body.month > str(YearMonth.of(today)):
        text = Text(nl="Deze maand is nog niet begonnen.", en="This month has not begun yet.")
        raise InvalidInputError(InputError("#/month", "in-future", text))
    values = {
        "organisation_id": caller.organisation_id,
        "institution": caller.institution,
        "kind": "confirmed",
        "month": body.month,
        "reference_day": min(today, YearMonth.parse(body.month).last_day),
        **dict.fromkeys(("lines", "accepted", "unchanged", "rejected", "closed"), 0),
        "at": now,
        "client_id": caller.client_id,
    }
    return await repository.add_delivery(session, values)


async def list_institutions(
    session: ReadSession, caller: Caller, query: DeliveryQuery, key: Sequence[Any] | None, today: date
) -> list[Institution]:
    """The institutions that the caller sees, by name; after `key` (name, id), and one more than the page.

    An institution or local team sees itself. A region, supraregion or inspectorate sees those that kept a waiting child
    of its regions that month, and those that are contracted there (reference data), registered here or not.
    """
    month = query.month or str(YearMonth.of(today))
    if caller.role in {Role.GI, Role.LOCAL_TEAM}:
        found = await _own(session, caller, month)
    else:
        found = await _in_regions(session, month, _regions(caller))
    later = [each for each in sorted(found, key=lambda each: each.key) if key is None or each.key > tuple(key)]
    return later[: query.window]


def _regions(caller: Caller) -> list[str] | None:
    """The regions that the caller sees; None for all of them."""
    if caller.role is Role.REGION:
        return [str(caller.region)]
    if caller.role is Role.SUPRAREGION:
        known = reference().supraregions.get(str(caller.supraregion))
        return [] if known is None else list(known.regions)
    return None


async def _own(session: ReadSession, caller: Caller, month: str) -> list[Institution]:
    registered = await repository.list_organisations(session, [caller.organisation_id], [])
    names = {caller.organisation_id: caller.institution} | _names(registered)
    return await _months(session, month, [caller.organisation_id], names, is_own=True)


async def _in_regions(session: ReadSession, month: str, regions: Collection[str] | None) -> list[Institution]:
    contracted = _contracted(regions)
    days = YearMonth.parse(month)
    keepers = await repository.list_keepers(session, days.first_day, days.last_day, regions)
    registered = await repository.list_organisations(session, keepers, contracted)
    names = _names(registered)
    found = await _months(session, month, keepers | names.keys(), names)
    return [*found, *(Institution(name, None, month) for name in _unregistered(contracted, registered))]


def _contracted(regions: Collection[str] | None) -> list[str]:
    """The names of the institutions that are contracted in these regions (None: in any), of the reference data."""
    institutions = reference().institutions.values()
    return [each.name for each in institutions if regions is None or not set(regions).isdisjoint(each.regions)]


def _unregistered(names: Iterable[str], registered: Sequence[OrganisationRow]) -> list[str]:
    known = {name for row in registered for name in (row.name, row.institution)}
    return [name for name in names if name not in known]


async def list_months(
    session: ReadSession, months: Sequence[YearMonth], regions: Collection[str] | None, organisation_id: UUID | None
) -> list[tuple[str, str, bool]]:
    """Each month (YYYY-MM) that an institution is to account for, who that is, and whether it did.

    Of those that `list_institutions` has, or of one of them alone. An institution is its id, or its name where it is
    not registered here.
    """
    accounted = await repository.list_months_accounted(session, months[0], months[-1])
    if organisation_id is not None:
        due, unregistered = {(str(month), organisation_id) for month in months}, list[str]()
    else:
        contracted = _contracted(regions)
        due = await repository.list_months_kept(session, months, regions)
        registered = await repository.list_organisations(session, {id_ for _, id_ in due}, contracted)
        always = [row.id for row in registered if not {row.name, row.institution}.isdisjoint(contracted)]
        due |= {(str(month), id_) for month in months for id_ in always}
        unregistered = _unregistered(contracted, registered)
    found = [(month, str(id_), (month, id_) in accounted) for month, id_ in due]
    return sorted([*found, *((str(month), name, False) for month in months for name in unregistered)])


async def count_delivered(session: ReadSession, regions: Collection[str] | None, month: str) -> tuple[int, int]:
    """How many institutions of these regions (None: of all) delivered or confirmed a month (YYYY-MM), and of how many.

    Of as many as `list_institutions` has: those that kept a waiting child then, and those that are contracted there.
    """
    found = await _in_regions(session, month, regions)
    return sum(each.state != "missing" for each in found), len(found)


def _names(rows: Iterable[OrganisationRow]) -> dict[UUID, str | None]:
    return {row.id: row.institution or row.name for row in rows}


async def _months(
    session: ReadSession, month: str, ids: Collection[UUID], names: dict[UUID, str | None], *, is_own: bool = False
) -> list[Institution]:
    """These organisations in a month; one that is not registered here goes by the name that it delivered under."""
    deliveries = defaultdict[UUID, list[DeliveryRow]](list)
    for row in await repository.list_deliveries(session, month, ids):
        deliveries[row.organisation_id].append(row)
    reminded = await repository.list_reminded(session, month, ids)
    return [
        Institution(
            names.get(id_) or next((row.institution for row in deliveries[id_] if row.institution), None),
            *(id_, month, deliveries[id_], reminded.get(id_), is_own),
        )
        for id_ in ids
    ]


def institution_out(institution: Institution) -> InstitutionMonth:
    """An institution in a month as it goes over the wire."""
    return InstitutionMonth.model_construct(
        institution=institution.name,
        organisation_id=institution.organisation_id,
        month=institution.month,
        state=institution.state,
        deliveries=[delivery_out(row, is_own=institution.is_own) for row in institution.deliveries],
        reminded_at=institution.reminded_at,
    )


def delivery_out(row: DeliveryRow, *, is_own: bool) -> DeliveryOut:
    """A delivery as it goes over the wire; which client sent it is the institution's own business."""
    shown = DeliveryOut.model_validate(row)
    return shown if is_own else shown.model_copy(update={"client_id": None})
