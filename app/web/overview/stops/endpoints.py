"""Placement stops: the list, a new one of the region, and each of its own to change or lift."""

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Form, Query, Request, Response

from app.domain.dates import dutch_day
from app.kit.database.sessions import ReadSession
from app.kit.http.dependencies import Now, Reading
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.supply.offers.schemas import OfferQuery
from app.supply.offers.service import list_offers, offer_out
from app.supply.placement_stops import service
from app.supply.placement_stops.schemas import StopIn, StopPatch, StopQuery
from app.supply.providers.service import list_locations
from app.web.overview import providers
from app.web.overview.areas import Option
from app.web.overview.keeping.endpoints import Keeping, Kept
from app.web.overview.keeping.form import Filled, Sent, filled
from app.web.overview.sections import STOPS, sections_of
from app.web.overview.stops.question import StopForm
from app.web.overview.stops.views import Stop, stop_of
from app.web.shell.forms import check_form
from app.web.shell.paging import split
from app.web.shell.rendering import render
from app.web.shell.routing import router as make_router
from app.web.sign_in.dependencies import Region

router = make_router()

PATH: Final = STOPS.path
_ON_PAGE: Final = 50
_MOST: Final = 200


@router.get(PATH)
async def show_stops(
    request: Request,
    caller: Region,
    session: Reading,
    now: Now,
    alle: Annotated[str, Query(max_length=5)] = "",
    na: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    """The stops that are in force today; all of them where that is asked."""
    on = None if alle else dutch_day(now).isoformat()
    query = check_form(StopQuery, {"on": on, "limit": _ON_PAGE, "cursor": na or None})
    rows = await service.list_stops(session, caller, query, query.key(PATH, date, UUID))
    shown, following = split(query, PATH, rows, lambda row: [row[0].starts_on, row[0].id])
    names = await providers.named(session, [row.provider_id for row, _ in shown])
    return render(
        request,
        "overview/stops/page.html",
        sections=sections_of(caller),
        stops=[stop_of(service.stop_out(*row), names, caller.region) for row in shown],
        everything=bool(alle),
        following=f"{PATH}?alle={alle}&na={following}" if following else None,
    )


@router.get(f"{PATH}/nieuw")
async def show_new_stop(
    kept: Kept,
    caller: Region,
    zoek: Annotated[str, Query(max_length=200)] = "",
    aanbieder: Annotated[UUID | None, Query()] = None,
) -> Response:
    """First the provider, found by its name; then the form."""
    shown = Filled(StopForm(aanbieder=str(aanbieder or ""), van=dutch_day(kept.now).isoformat()))
    return await _form(kept, caller, shown, words=zoek, found=await providers.find(kept.session, zoek))


@router.post(f"{PATH}/nieuw")
async def add_stop(kept: Kept, form: Annotated[StopForm, Form()], caller: Region) -> Response:
    """Imposes a stop, which binds the region's own children."""
    errors = await kept.attempt(StopIn, form.added(), lambda writing, body: service.add_stop(writing, caller, body))
    return await _form(kept, caller, Filled(form, errors)) if errors else kept.go_to(PATH)


@router.get(f"{PATH}/{{stop_id}}")
async def show_stop(kept: Kept, stop_id: UUID, caller: Region) -> Response:
    """A stop; of the region's own the form to change or lift it."""
    return await _one(kept, caller, stop_id, None)


@router.post(f"{PATH}/{{stop_id}}")
async def change_stop(kept: Kept, stop_id: UUID, form: Annotated[StopForm, Form()], caller: Region) -> Response:
    """Changes a stop of the region: its last day lifts it."""
    errors = await kept.attempt(
        StopPatch,
        form.changed(),
        lambda writing, body: service.change_stop(writing, caller, stop_id, body, form.if_match, kept.now),
    )
    return await _one(kept, caller, stop_id, Sent(errors, form)) if errors else kept.go_to(PATH)


async def _one(kept: Keeping, caller: Caller, stop_id: UUID, sent: Sent[StopForm] | None) -> Response:
    row, location_key = await service.get_stop(kept.session, caller, stop_id)
    out = service.stop_out(row, location_key)
    stop = stop_of(out, await providers.named(kept.session, [row.provider_id]), caller.region)
    return await _form(kept, caller, filled(StopForm.of(out, row.version), sent), stop=stop)


async def _form(
    kept: Keeping, caller: Caller, shown: Filled[StopForm], stop: Stop | None = None, **choosing: Any
) -> Response:
    session, provider_id = kept.session, shown.form.aanbieder
    name = await providers.name_of(session, provider_id)
    return kept.show(
        "overview/stops/stop.html",
        caller,
        shown,
        heading=f"Plaatsingsstop bij {name}" if name else "Stop opleggen",
        section=STOPS,
        kept_id=stop.id if stop else None,
        stop=stop,
        may_change=stop.is_own if stop else name is not None,
        locations=await _locations(session, provider_id) if name else [],
        offers=await _offers(session, provider_id, kept.now) if name else [],
        **{"words": "", "found": [], **choosing},
    )


async def _locations(session: ReadSession, provider_id: str) -> list[Option]:
    rows = await list_locations(session, UUID(provider_id), PageQuery(limit=_MOST), None)
    return [Option(row.key, row.key) for row in rows]


async def _offers(session: ReadSession, provider_id: str, now: datetime) -> list[Option]:
    query = check_form(OfferQuery, {"provider": provider_id, "limit": _MOST})
    rows = await list_offers(session, query, None, dutch_day(now))
    return [Option(str(each.id), each.name) for each in map(offer_out, rows)]
