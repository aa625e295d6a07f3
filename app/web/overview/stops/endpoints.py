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
from app.web.overview.dependencies import Attempting, if_match
from app.web.overview.sections import STOPS, sections_of
from app.web.overview.stops.question import StopForm
from app.web.overview.stops.views import stop_of
from app.web.overview.stored import stored_otherwise
from app.web.shell.forms import Errors, check_form
from app.web.shell.paging import split
from app.web.shell.rendering import go_to, render
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
    request: Request,
    caller: Region,
    session: Reading,
    now: Now,
    zoek: Annotated[str, Query(max_length=200)] = "",
    aanbieder: Annotated[UUID | None, Query()] = None,
) -> Response:
    """First the provider, found by its name; then the form."""
    form = StopForm(aanbieder=str(aanbieder or ""), van=dutch_day(now).isoformat())
    return await _form(request, session, caller, now, form, {}, words=zoek, found=await providers.find(session, zoek))


@router.post(f"{PATH}/nieuw")
async def add_stop(
    request: Request,
    form: Annotated[StopForm, Form()],
    caller: Region,
    session: Reading,
    attempt: Attempting,
    now: Now,
) -> Response:
    """Imposes a stop, which binds the region's own children."""
    errors = await attempt(StopIn, form.added(), lambda writing, body: service.add_stop(writing, caller, body))
    return await _form(request, session, caller, now, form, errors) if errors else go_to(request, PATH)


@router.get(f"{PATH}/{{stop_id}}")
async def show_stop(request: Request, stop_id: UUID, caller: Region, session: Reading, now: Now) -> Response:
    """A stop; of the region's own the form to change or lift it."""
    return await _one(request, session, caller, now, stop_id, None, {})


@router.post(f"{PATH}/{{stop_id}}")
async def change_stop(
    request: Request,
    stop_id: UUID,
    form: Annotated[StopForm, Form()],
    caller: Region,
    session: Reading,
    attempt: Attempting,
    now: Now,
) -> Response:
    """Changes a stop of the region: its last day lifts it."""
    errors = await attempt(
        StopPatch,
        form.changed(),
        lambda writing, body: service.change_stop(writing, caller, stop_id, body, if_match(form.versie), now),
    )
    return await _one(request, session, caller, now, stop_id, form, errors) if errors else go_to(request, PATH)


async def _one(
    request: Request,
    session: ReadSession,
    caller: Caller,
    now: datetime,
    stop_id: UUID,
    form: StopForm | None,
    errors: Errors,
) -> Response:
    row, location_key = await service.get_stop(session, caller, stop_id)
    out = service.stop_out(row, location_key)
    stands = StopForm.of(out, row.version)
    kept = {"versie": stands.versie, "aanbieder": stands.aanbieder, "locatie": stands.locatie, "aanbod": stands.aanbod}
    filled = stands if form is None else form.model_copy(update=kept)
    stop = stop_of(out, await providers.named(session, [row.provider_id]), caller.region)
    return await _form(
        request, session, caller, now, filled, errors, stop=stop, stored=stored_otherwise(stands, filled)
    )


async def _form(
    request: Request,
    session: ReadSession,
    caller: Caller,
    now: datetime,
    form: StopForm,
    errors: Errors,
    **shown: Any,
) -> Response:
    name = await providers.name_of(session, form.aanbieder)
    return render(
        request,
        "overview/stops/stop.html",
        status=400 if errors else 200,
        sections=sections_of(caller),
        form=form,
        errors=errors,
        provider=name,
        locations=await _locations(session, form.aanbieder) if name else [],
        offers=await _offers(session, form.aanbieder, now) if name else [],
        **{"stop": None, "stored": [], "words": "", "found": [], "section": "plaatsingsstops", **shown},
    )


async def _locations(session: ReadSession, provider_id: str) -> list[Option]:
    rows = await list_locations(session, UUID(provider_id), PageQuery(limit=_MOST), None)
    return [Option(row.key, row.key) for row in rows]


async def _offers(session: ReadSession, provider_id: str, now: datetime) -> list[Option]:
    query = check_form(OfferQuery, {"provider": provider_id, "limit": _MOST})
    rows = await list_offers(session, query, None, dutch_day(now))
    return [Option(str(each.id), each.name) for each in map(offer_out, rows)]
