"""The figures of a region: five tiles, what they say of each municipality and provider, and the course of each."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.insight.answers.periods import MOST
from app.insight.answers.schemas import Whose
from app.insight.answers.scopes import sees
from app.insight.answers.service import Answered
from app.insight.dashboard.schemas import Dashboard, DashboardQuery
from app.insight.dashboard.service import get_dashboard, get_summary
from app.insight.targets.service import list_lines
from app.kit.database.sessions import ReadSession
from app.kit.errors import InvalidInputError, NotFoundError
from app.kit.http.dependencies import Now, ReplicaReadingAcross
from app.kit.security.callers import Caller
from app.web.overview.areas import AreaForm, Option, choices_of, name_of_area, region_asked
from app.web.overview.dependencies import Overseer
from app.web.overview.figures.figures import FIGURES, Figure, FigureForm, last_whole, question
from app.web.overview.figures.plots import breakdown, course, in_order
from app.web.overview.figures.views import definitions_of, table_of, tiles_of, tiles_together, when
from app.web.overview.months import months_back
from app.web.overview.providers import in_regions
from app.web.overview.sections import sections_of
from app.web.shell.forms import Errors, check_form, errors_of
from app.web.shell.rendering import render
from app.web.shell.routing import router as make_router

router = make_router()

_NO_FIGURE: Final = Text(nl="Dit cijfer", en="This figure")
_PER: Final[dict[str, str]] = {
    "region": "Per regio",
    "municipality": "Per gemeente",
    "provider": "Per aanbieder",
    "care-type": "Per zorgvorm",
}


@router.get("/overzicht")
async def show_overview(
    request: Request, form: Annotated[AreaForm, Query()], caller: Overseer, replica: ReplicaReadingAcross, now: Now
) -> Response:
    """A region on one page; whoever is above regions sees all of theirs together until one is chosen."""
    region = region_asked(form, caller)
    area = name_of_area(caller, region)
    if region is None:
        summary = await replica(lambda session: get_summary(session, caller, now, "nl"))
        tables = [table_of("Jeugdregio", summary.regions, summary.tiles)]
        shown: dict[str, Any] = {"tiles": tiles_together(summary, area), "tables": tables, "errors": {}}
        providers: list[Option] = []
    else:
        dashboard, errors = await _dashboard(caller, region, replica, now)
        providers = [Option(each.code, each.name) for each in dashboard.providers] if dashboard else []
        shown = {**_shown(dashboard, form), "errors": errors}
    return render(
        request,
        "overview/figures/page.html",
        part="overview/figures/_figures.html",
        sections=sections_of(caller),
        form=form,
        area=area,
        region=region,
        choices=choices_of(caller, region, providers),
        figures=await _addresses(form, caller, region, replica),
        **shown,
    )


async def _dashboard(
    caller: Caller, region: str, replica: ReplicaReadingAcross, now: datetime
) -> tuple[Dashboard | None, Errors]:
    """The dashboard of a region; None, with what is wrong, where there is no such region."""
    try:
        query = check_form(DashboardQuery, {"region": region})
        return await replica(lambda session: get_dashboard(session, caller, query, now, "nl")), {}
    except InvalidInputError as error:
        return None, errors_of(error)


def _shown(dashboard: Dashboard | None, form: AreaForm) -> dict[str, Any]:
    if dashboard is None:
        return {"tiles": [], "tables": []}
    tables = [
        table_of("Gemeente", dashboard.municipalities, dashboard.tiles, form.gemeente),
        table_of("Aanbieder", dashboard.providers, dashboard.tiles, form.aanbieder),
    ]
    return {"tiles": tiles_of(dashboard, form), "tables": tables}


async def _addresses(
    form: AreaForm, caller: Caller, region: str | None, replica: ReplicaReadingAcross
) -> list[tuple[Figure, str]]:
    """Where each figure is; places against the target line of the region that was added last, where it has one."""
    lines = await replica(lambda session: list_lines(session, caller))
    own = next((str(each.id) for each in lines if region and each.region_code == region), "")
    return [
        (each, form.address(f"/overzicht/cijfers/{each.slug}", streeflijn=own if each.has_targets else ""))
        for each in FIGURES.values()
    ]


@router.get("/overzicht/cijfers/{slug}")
async def show_figure(
    request: Request,
    slug: str,
    form: Annotated[FigureForm, Query()],
    caller: Overseer,
    replica: ReplicaReadingAcross,
    now: Now,
) -> Response:
    """One figure over time, and in one month by municipality or provider; as a part of a page its course alone."""
    figure = figure_of(slug)
    region, today = region_asked(form, caller), dutch_day(now)

    async def answer(session: ReadSession) -> Answered:
        return await figure.ask(session, caller, question(figure, form, region, today), now)

    answered, errors = None, {}
    try:
        answered = await replica(answer)
    except InvalidInputError as error:
        errors = errors_of(error)
    of = [region] if region and figure.by == "provider" and not errors else []
    providers = await replica(lambda session: in_regions(session, of))
    lines = await replica(lambda session: _lines(session, caller)) if figure.has_targets else []
    return render(
        request,
        "overview/figures/figure.html",
        part="overview/figures/_course.html",
        sections=sections_of(caller),
        form=form,
        errors=errors,
        figure=figure,
        area=next((each.name for each in lines if each.code == form.streeflijn), name_of_area(caller, region)),
        choices=choices_of(caller, region, providers),
        lines=lines,
        choosable=months_back(today, MOST),
        address=form.address(f"/overzicht/cijfers/{slug}", maand=""),
        csv=form.address(f"/overzicht/{slug}.csv", maand=""),
        **(_drawn(figure, form, answered) if answered else {"course": None}),
    )


def figure_of(slug: str) -> Figure:
    """The figure of that name; `NotFoundError` where there is none."""
    if slug not in FIGURES:
        raise NotFoundError(_NO_FIGURE)
    return FIGURES[slug]


def _drawn(figure: Figure, form: FigureForm, answered: Answered) -> dict[str, Any]:
    answered = in_order(answered)
    periods = [each.period.name for each in answered.totals]
    period = next((each for each in periods if form.maand and each.startswith(form.maand)), last_whole(answered))
    heading = f"{_PER[answered.by]}, {when(period)}"
    return {
        "course": course(figure, answered),
        "parts": breakdown(figure, answered, period, heading),
        "per": _PER[answered.by],
        "heading": heading,
        "months": [(each[:7], when(each[:7]), each == period) for each in reversed(periods)],
        "definitions": definitions_of(figure, answered),
        "hidden": answered.hidden,
    }


async def _lines(session: ReadSession, caller: Caller) -> list[Option]:
    """The target lines that places can be held against: those of places that the caller sees."""
    lines = await list_lines(session, caller)
    seen = [each for each in lines if sees(caller, Whose(region=each.region_code, supraregion=each.supraregion))]
    return [Option(str(each.id), each.title) for each in seen]
