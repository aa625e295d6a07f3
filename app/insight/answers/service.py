"""From a question to an answer: whose figures, gathered, added up, small ones hidden, and named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from app.domain.dates import YearMonth, add_months, dutch_day, dutch_midnight
from app.domain.language import Text, month_in_words
from app.dossiers.deliveries.months import count_delivered
from app.insight.answers import repository, small_counts
from app.insight.answers.definitions import Dimension, Resource, Source
from app.insight.answers.figures import Figures, Sum, rows_of, summed
from app.insight.answers.kept import kept, once, source_moment
from app.insight.answers.names import names_of
from app.insight.answers.periods import MOST, Period, periods_between
from app.insight.answers.questions import Cell, Gather, Question, Scope
from app.insight.answers.schemas import Asked, InsightQuery
from app.insight.answers.scopes import filters_asked, regions_asked, scope_of
from app.kit.database.sessions import ReadSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller
from app.reference.lists import reference

_FRESH_DAYS: Final = 30
_BACK: Final = 11
"""Months before this one that figures begin where nothing is said."""
_ORDER: Final = Text(nl="De eerste maand ligt na de laatste.", en="The first month lies after the last.")
_AHEAD: Final = Text(nl="Deze maand is nog niet begonnen.", en="This month has yet to begin.")
_TOO_MANY: Final = Text(nl=f"Ten hoogste {MOST} perioden in één antwoord.", en=f"At most {MOST} periods in one answer.")
_AS_KNOWN_NOW: Final = Text(
    nl="Per kwartaal of jaar zijn deze cijfers er voor uw rol zoals ze nu bekend zijn (known=now); uit maanden en "
    "kwartalen zoals toen bekend zouden kleine aantallen volgen.",
    en="By quarter or year these figures are there for your role as known now (known=now); from months and quarters as "
    "known then small counts would follow.",
)
_INSTITUTIONS: Final = Text(
    nl="instellingen die hun wachtende kinderen van {month} leverden of bevestigden",
    en="institutions that delivered or confirmed their waiting children of {month}",
)
_OFFERS: Final = Text(
    nl=f"aanbod met cijfers van de laatste {_FRESH_DAYS} dagen",
    en=f"offers with figures of the last {_FRESH_DAYS} days",
)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of what there should be are in the figures."""

    what: Text
    known: int
    of: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one code in one period; of all together where `code` is empty."""

    period: Period
    code: str
    name: str
    figures: Figures
    provisional: bool
    last_day: date


@dataclass(frozen=True, slots=True)
class Told:
    """The rows of an answer, each named by its code, and how many figures are hidden; None where none can be."""

    totals: Sequence[Row]
    items: Sequence[Row]
    hidden: int | None

    def __len__(self) -> int:
        return len(self.totals) + len(self.items)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, before it is written."""

    resource: Resource
    query: Asked
    by: Dimension
    region: str | None
    source_at: datetime | None
    completeness: Sequence[Completeness]
    totals: Sequence[Row]
    items: Sequence[Row]
    hidden: int | None


async def answer(
    session: ReadSession, caller: Caller, resource: Resource, gather: Gather, query: InsightQuery, now: datetime
) -> Answered:
    """The answer to a question of a caller's; see `scopes` for what is refused."""
    longer = query.unit != "month" and query.known == "then"
    if resource.is_of_children and longer and not scope_of(caller).sees_small:
        raise InvalidInputError(InputError("#/query/known", "too-coarse", _AS_KNOWN_NOW))
    periods = asked_periods(query, dutch_day(now))
    return await answer_over(session, caller, resource, gather, query, periods, now)


async def answer_over(
    session: ReadSession,
    caller: Caller,
    resource: Resource,
    gather: Gather,
    query: Asked,
    periods: Sequence[Period],
    now: datetime,
) -> Answered:
    """As `answer`, over these periods."""
    today, settled_by = await told_until(session, caller, resource, now)
    question = replace(question_of(caller, resource, query, periods, today), settled_by=settled_by)
    seen, by = replace(scope_of(caller), sees_small=question.scope.sees_small), question.by
    own = question if "dossiers" in resource.sources or question.by == "institution" else _of_supply(question)
    what = (resource.name, gather)
    told = await kept(session, what, resource.sources, own, lambda: _tell(session, resource, gather, own, seen))
    source_at = await source_moment(session, resource.sources)
    if settled_by and source_at is not None:
        source_at = min(source_at, dutch_midnight(today + timedelta(days=1)))
    regions, names = question.scope.regions, await names_of(session, by, {row.code for row in told.items})
    return Answered(
        resource=resource,
        query=query,
        by=by,
        region=next(iter(regions)) if regions and len(regions) == 1 else None,
        source_at=source_at,
        completeness=[each for source in resource.sources for each in await _completeness(session, source, question)],
        totals=told.totals,
        items=[replace(row, name=names.get(row.code, row.code)) for row in told.items],
        hidden=told.hidden,
    )


def _of_supply(question: Question) -> Question:
    """An institution sees all supply: only figures of children are confined to it."""
    return replace(question, scope=replace(question.scope, organisation_id=None))


async def told_until(
    session: ReadSession, caller: Caller, resource: Resource, now: datetime
) -> tuple[date, str | None]:
    """The day as of which a caller is told, and what settled it: who may see no small counts, the last settled day."""
    today, scope = dutch_day(now), scope_of(caller)
    if not resource.is_of_children or scope.sees_small or scope.provider_id is not None:
        return today, None
    settlement = await once(session, "settlement", lambda: repository.find_settlement(session))
    return (settlement.on, settlement.by) if settlement and settlement.on < today else (today, None)


def question_of(caller: Caller, resource: Resource, query: Asked, periods: Sequence[Period], today: date) -> Question:
    """What a caller asks, confined to what it may see."""
    scope, by = scope_of(caller), query.by or resource.by[0]
    if by in resource.of_others and scope.regions is not None:
        scope = replace(scope, sees_small=False)
    regions, filters = regions_asked(scope, query), filters_asked(resource, scope, by, query)
    return Question(periods, by, query.known, today, replace(scope, regions=regions), filters)


def asked_periods(query: InsightQuery, today: date) -> list[Period]:
    """The periods of a question; `InvalidInputError` where they are in the wrong order, too many or ahead."""
    this_month = today.replace(day=1)
    last = query.last_month or this_month
    first = query.first_month or add_months(last, -_BACK)
    errors = []
    if last > this_month:
        errors.append(InputError("#/query/lastMonth", "in-future", _AHEAD))
    if first > last:
        errors.append(InputError("#/query/firstMonth", "order", _ORDER))
    elif (last.year - first.year) * 12 + last.month - first.month >= MOST:
        errors.append(InputError("#/query/firstMonth", "too-many", _TOO_MANY))
    if errors:
        raise InvalidInputError(*errors)
    return list(periods_between(first, last, query.unit))


async def _tell(session: ReadSession, resource: Resource, gather: Gather, question: Question, seen: Scope) -> Told:
    """Gathers and adds up, and hides what may not be told."""
    by = question.by
    cells = once = list(await gather(session, question))
    if by in resource.overlapping:
        once = list(await gather(session, replace(question, by="region")))
    hidden = await small_counts.hidden(session, resource, gather, question, seen)
    items = summed(cells, _codes(by))
    totals = summed(once, lambda _: ("",))
    for period in question.periods:
        totals.setdefault((period.name, ""), Sum())
    elsewhere = resource.not_by(by)
    periods = {period.name: period for period in question.periods}

    def away(period: str, code: str) -> frozenset[str]:
        return elsewhere | hidden(period, code) if hidden else elsewhere

    def rows(sums: Mapping[tuple[str, str], Sum]) -> list[Row]:
        return [
            Row(
                periods[period],
                code,
                code,
                figures,
                periods[period].last >= question.today,
                periods[period].end(question.today),
            )
            for period, code, figures in rows_of(resource, sums, away)
        ]

    found = sum(len(hidden(*key)) for key in {*totals, *items}) if hidden else None
    return Told(rows(totals), rows(items), found)


def _codes(by: Dimension) -> Callable[[Cell], Sequence[str]]:
    """The codes that a cell is shown under; one region may be in several supraregions."""
    regions = reference().regions
    if by == "region":
        return lambda cell: (cell.region,)
    if by == "supraregion":
        return lambda cell: regions[cell.region].supraregions if cell.region else ()
    return lambda cell: (cell.code,)


async def _completeness(session: ReadSession, source: Source, question: Question) -> list[Completeness]:
    scope, today = question.scope, question.today
    if source == "supply":
        known, total = await once(session, ("offers", scope), lambda: _offers_known(session, scope, today))
        return [Completeness(_OFFERS, known, total)]
    if scope.organisation_id is not None:
        return []
    month = YearMonth.of(question.periods[-1].end(today))
    known, total = await once(
        session, ("delivered", scope.regions, month), lambda: count_delivered(session, scope.regions, str(month))
    )
    return [Completeness(_INSTITUTIONS.format(month=month_in_words(month.first_day)), known, total)]


async def _offers_known(session: ReadSession, scope: Scope, today: date) -> tuple[int, int]:
    """Of how many offers the figures are of the last 30 days, and how many there are: all, or a provider's own."""
    counted = None if scope.provider_id else await repository.find_offers_counted(session)
    if counted is None:
        since = today - timedelta(days=_FRESH_DAYS)
        counted = await repository.count_offers(session, scope.provider_id, since)
    return counted[1], counted[0]
