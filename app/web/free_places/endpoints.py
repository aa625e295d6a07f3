"""Free places: the list, and each offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Query, Request, Response

from app.domain.dates import dutch_midnight
from app.domain.language import Text
from app.dossiers.watches import service as watches
from app.dossiers.watches.schemas import WatchOut
from app.finding.availability_events.endpoints import AvailabilityEventParts
from app.finding.availability_events.service import open_stream
from app.finding.availability_events.topics import Narrowing
from app.finding.catalogue.dependencies import CatalogueContext, Context
from app.finding.search import service
from app.finding.search.found_places import label_of
from app.finding.search.schemas import AvailabilityFilter, AvailabilityQuery
from app.insight.answers.sheets import write_csv
from app.kit.database.sessions import ReplicaReader
from app.kit.errors import NotFoundError
from app.kit.http.dependencies import ReplicaReading, Writing, database_of
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.streams import OpenStreams
from app.kit.media_types import CSV
from app.kit.pages import encode_cursor
from app.kit.security.callers import REFERRING, Caller
from app.kit.streams import Streams
from app.reference.lists import reference
from app.supply.capacity import service as capacity
from app.supply.capacity.expected_waits import expected_wait
from app.supply.reminders import service as reminders
from app.web.free_places.course import course_of, sheet_of, weeks_until
from app.web.free_places.dependencies import COURSE_READERS, REFERRERS, CourseReader, get_item
from app.web.free_places.map_view import (
    MOST_APART,
    area_of,
    by_location,
    by_municipality,
    chosen,
    narrowed,
    regions_of,
    wider,
)
from app.web.free_places.question import DISTANCES, WAITING, FreePlacesForm, Question, filter_of, read
from app.web.free_places.views import DONE, Row, criteria, estimate_in_words, row_of
from app.web.live.endpoints import answer_page_stream
from app.web.map.drawing import Area, Drawing, MapOffer, drawn_map
from app.web.plots.drawing import drawn_lines
from app.web.plots.plot import Plot
from app.web.shell.forms import sent_fields, text_of
from app.web.shell.places import municipality_names
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.shell.words import dialled
from app.web.sign_in.dependencies import Matcher, Reader, Referrer, asks_by_itself

router = make_router()

PATH = "/vrije-plekken"


@router.get(PATH)
async def show_free_places(
    request: Request, form: Annotated[FreePlacesForm, Query()], caller: Reader, context: Context
) -> Response:
    """Where help is free, or when it will be."""
    question = read(form)
    found = await _find(form, question, caller, context, counts=not asks_by_itself(request))
    over_pdok = parts_of(request.app, KitParts).settings.pdok_background
    return render(
        request,
        "free_places/page.html",
        part="free_places/_results.html",
        cache="private, no-cache",
        form=form,
        question=question,
        rows=found.rows,
        total=sum(each.count for each in found.on_map),
        following=form.address(PATH, na=found.following) if found.following else None,
        drawing=None if found.area is None else _draw(form, found.area, found.on_map, over_pdok=over_pdok),
        wider=wider(form, question, PATH),
        chosen=chosen(form),
        at=context.now,
        care_types=reference().care_types.values(),
        distances=DISTANCES,
        waiting=WAITING,
        municipalities=municipality_names(),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows of a page and the cursor of the next; what the map is of, and all that is on it."""

    rows: Sequence[Row] = ()
    following: str | None = None
    area: Area | None = None
    on_map: Sequence[MapOffer] = ()


async def _find(
    form: FreePlacesForm, question: Question, caller: Caller | None, context: CatalogueContext, *, counts: bool
) -> _Found:
    """What is found; nothing for a question that cannot be asked. With `counts` it counts as shown to who refers."""
    query, public = question.query, caller is None
    counts = counts and caller is not None and caller.role in REFERRING
    if query is None:
        return _Found()
    key = query.key(PATH, *service.KEY)
    area, on_map, ids = _on_map(form, query, context, public=public)
    found = await service.find(context.follower, query, ids, key, context.today, "nl", public=public, counts=counts)
    items = orjson.loads(orjson.dumps(found.items))
    contracts = _contracts(question, items, context)
    following = None if found.following is None else encode_cursor(query.question(PATH), found.following)
    return _Found([row_of(each, contracts.get(each["offer"]["id"])) for each in items], following, area, on_map)


def _on_map(
    form: FreePlacesForm, query: AvailabilityQuery, context: CatalogueContext, *, public: bool
) -> tuple[Area, list[MapOffer], bytes | None]:
    """What the map is of and all that is on it, whichever page; and where locations were chosen, the ids of the offers
    there as bytes."""
    catalogue, area = context.follower.catalogue, area_of(query)
    if not form.plek and (area.level != "municipalities" or query.radius_km is not None):
        counted = service.count_places(catalogue, query, context.today, public=public)
        if area.level == "municipalities" and sum(each.offers for each in counted) > MOST_APART:
            area = regions_of(area.codes)
        if area.level != "municipalities":
            return area, by_municipality(counted), None
    found = service.list_locations(catalogue, query, context.today, public=public)
    if not form.plek:
        return area, by_location(found), None
    there = [each for each in found if each.municipality and each.label in form.plek]
    return area, by_location(there), b"".join(UUID(id_).bytes for each in there for id_ in each.offer_ids)


def _draw(form: FreePlacesForm, area: Area, on_map: Sequence[MapOffer], *, over_pdok: bool) -> Drawing:
    return drawn_map(on_map, area, partial(narrowed, form, area, PATH), over_pdok=over_pdok)


def _contracts(question: Question, items: list[Any], context: CatalogueContext) -> dict[str, Any]:
    """The contracts of these items for the municipality that was asked about, by the offer's id."""
    if question.place is None:
        return {}
    offers = [each["offer"]["id"] for each in items]
    found = service.contracts_for(context.follower.catalogue, question.place.municipality, offers, context.today)
    return dict(orjson.loads(orjson.dumps(found)))


@router.get(f"{PATH}/live")
async def follow_free_places(
    request: Request,
    form: Annotated[FreePlacesForm, Query()],
    caller: Reader,
    streams: OpenStreams,
    context: Context,
) -> Response:
    """The events of what changes in the list of this question, as `GET /availability/events` has them.

    Where locations were chosen, of what is given there alone.
    """
    query = read(form).query
    if query is None:
        raise NotFoundError(Text(nl="Deze lijst", en="This list"))
    return await _follow(request, filter_of(query), _narrowing(form), caller, streams, context)


async def _follow(
    request: Request,
    query: AvailabilityFilter,
    narrowing: Narrowing | None,
    caller: Caller | None,
    streams: Streams,
    context: CatalogueContext,
) -> Response:
    publisher = parts_of(request.app, AvailabilityEventParts).publisher
    stream = await open_stream(publisher, context.follower, query, None, narrowing, public=caller is None)
    return answer_page_stream(request, stream, streams, context.now)


def _narrowing(form: FreePlacesForm) -> Narrowing | None:
    """The locations that were chosen on the map; None where none were."""
    chosen = frozenset(form.plek)
    return Narrowing(repr(sorted(chosen)), lambda entry: label_of(entry) in chosen) if chosen else None


@router.get("/aanbod/{offer_id}")
async def show_offer(
    request: Request,
    offer_id: UUID,
    caller: Reader,
    context: Context,
    replica: ReplicaReading,
    gedaan: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """An offer: whom it takes in, its figures and their course, and how to reach its provider."""
    item = get_item(context, offer_id, public=caller is None)
    may_read_course = caller is not None and caller.role in COURSE_READERS
    plots = await _read_course(item, replica, context) if may_read_course else []
    waits = await replica(lambda session: expected_wait(session, offer_id, context.today)) if may_read_course else None
    contact = item["provider"]["contact"]
    may_watch = caller is not None and caller.role in REFERRERS
    return render(
        request,
        "free_places/offer.html",
        cache="private, no-cache",
        row=row_of(item),
        offer=item["offer"],
        available=item["availability"],
        warnings=item["warnings"],
        criteria=criteria(item["offer"]),
        contact=contact,
        call=dialled(contact["phone"]),
        plots=[drawn_lines(each) for each in plots],
        estimate=waits and estimate_in_words(waits.expected),
        done=DONE.get(gedaan),
        may_doubt=caller is not None and caller.role in REFERRING,
        may_watch=may_watch,
        watched=await _read_watch(request, caller, offer_id, context) if caller and may_watch else None,
    )


async def _read_watch(request: Request, caller: Caller, offer_id: UUID, context: CatalogueContext) -> WatchOut | None:
    """The watch that tells the caller's organisation of this offer."""
    async with database_of(request).read() as session:
        found = await watches.list_offer_watches(session, caller, context.today, offer_id)
    return watches.watch_out(found[0], context.today) if found else None


@router.get("/aanbod/{offer_id}/live")
async def follow_offer(
    request: Request, offer_id: UUID, caller: Reader, streams: OpenStreams, context: Context
) -> Response:
    """The events of one offer, as those of the list."""
    return await _follow(request, AvailabilityFilter(offer=offer_id), None, caller, streams, context)


@router.get("/aanbod/{offer_id}/verloop/{name}.csv")
async def download_course(
    offer_id: UUID, name: str, _: CourseReader, context: Context, replica: ReplicaReading
) -> Response:
    """The figures of a plot of the course."""
    plots = await _read_course(get_item(context, offer_id, public=False), replica, context)
    found = next((each for each in plots if each.id == name), None)
    if found is None:
        raise NotFoundError
    sheet = sheet_of(found, str(offer_id))
    headers = {"Content-Disposition": f'attachment; filename="{sheet.name}.csv"', "Cache-Control": "private, no-cache"}
    return Response(write_csv(sheet, "nl"), headers=headers, media_type=f"{CSV}; charset=utf-8")


async def _read_course(item: Any, replica: ReplicaReader, context: CatalogueContext) -> list[Plot]:
    """The course of an offer's figures, as plots."""
    weeks = weeks_until(context.today)
    ends = [dutch_midnight(each.last + timedelta(days=1)) for each in weeks]
    offer_id = UUID(item["offer"]["id"])
    stood = await replica(lambda session: capacity.list_stood(session, offer_id, ends))
    return course_of(stood, weeks, item["offer"]["unit"])


@router.post("/aanbod/{offer_id}/klopt-niet")
async def doubt_figures(
    request: Request, offer_id: UUID, caller: Matcher, session: Writing, context: Context
) -> Response:
    """Tells the provider that its figures are doubted."""
    get_item(context, offer_id, public=False)
    settings = parts_of(request.app, KitParts).settings
    base, language = settings.public_url, settings.mail_language
    await reminders.doubt(session, caller, offer_id, context.now, base=base, language=language)
    return go_to(request, f"/aanbod/{offer_id}?gedaan=klopt-niet")


@router.post("/aanbod/{offer_id}/meld-mij")
async def watch_offer(
    request: Request, offer_id: UUID, caller: Referrer, session: Writing, context: Context
) -> Response:
    """Keeps a watch on this offer, one at most: that it has a place is told as other watches tell it."""
    offer = get_item(context, offer_id, public=False)["offer"]
    named = offer["careType"], offer["name"]
    await watches.watch_offer(session, context.follower.catalogue, caller, offer_id, named, context.now)
    return go_to(request, f"/aanbod/{offer_id}?gedaan=meld-mij")


@router.post("/aanbod/{offer_id}/meld-mij-niet")
async def stop_watching_offer(
    request: Request, offer_id: UUID, caller: Referrer, session: Writing, context: Context
) -> Response:
    """Ends the watch on an offer, given or not; once more changes nothing."""
    is_of_start = text_of(await sent_fields(request), "terug") == "start"
    if not await watches.stop_watching_offer(session, caller, offer_id, context.today) and not is_of_start:
        get_item(context, offer_id, public=False)
    return go_to(request, "/" if is_of_start else f"/aanbod/{offer_id}?gedaan=meld-mij-niet")
