"""Ranking the catalogue for one child, and saying it in words. Nothing is stored."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from app.domain.dates import YearMonth, add_months, dutch_day
from app.domain.language import Language
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.records import numbers
from app.finding.matching import schemas
from app.finding.matching.candidates import candidates_for
from app.finding.matching.choices import choice_errors, offers_of, providers_of
from app.finding.matching.errors import in_future
from app.finding.matching.expected import expected_case, ranking_of_case, shown_waits
from app.finding.matching.views import Writer
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.monitoring import metrics
from app.kit.schemas import write_time
from app.ranking.derived_dates import Norm
from app.ranking.facts_of_offers import asked_by
from app.ranking.model import (
    RULES,
    Child,
    Choice,
    Decline,
    GrantedException,
    Measure,
    Policy,
    Request,
)
from app.ranking.rank import Ranking
from app.reference.lists import reference


def check(catalogue: Catalogue, body: schemas.MatchRequest, now: datetime) -> None:
    """`InvalidInputError` with every day that has not come, and every choice of nothing or that contradicts itself."""
    choices = body.choices
    errors = [
        *_future_days(body, dutch_day(now)),
        *choice_errors(choices, offers_of(catalogue, choices), providers_of(catalogue, choices)),
    ]
    if errors:
        raise InvalidInputError(*errors)


def _future_days(body: schemas.MatchRequest, today: date) -> Iterator[InputError]:
    child = body.child
    if child.birth_month > f"{add_months(today, schemas.MONTHS_UNBORN):%Y-%m}":
        yield in_future("#/child/birthMonth")
    if child.measure is not None and child.measure.imposed_on > today:
        yield in_future("#/child/measure/imposedOn")
    for at, each in enumerate(body.declines):
        if each.declined_on > today:
            yield in_future(f"#/declines/{at}/declinedOn")


def match(
    catalogue: Catalogue, body: schemas.MatchRequest, now: datetime, language: Language, *, explain_all: bool
) -> dict[str, Any]:
    """The ranking for a child in the shape of `answer_schemas.MatchAnswer`, with its texts in `language`."""
    return match_request(
        catalogue, ranked_request(body), body.policy, now, language, limit=body.limit, explain_all=explain_all
    )


def match_request(
    catalogue: Catalogue,
    request: Request,
    policy: Policy,
    now: datetime,
    language: Language,
    *,
    limit: int,
    explain_all: bool,
) -> dict[str, Any]:
    """As `match`, of a request in the ranking's own terms."""
    ranking = ranking_of(catalogue, request, dutch_day(now), policy)
    return show_ranking(catalogue, request, ranking, now, language, limit=limit, explain_all=explain_all)


async def match_by_expected(
    session: ReadSession | WriteSession,
    catalogue: Catalogue,
    body: schemas.MatchRequest,
    now: datetime,
    language: Language,
    *,
    explain_all: bool,
) -> dict[str, Any]:
    """As `match`, by the waits that we expect."""
    request = ranked_request(body)
    case = await expected_case(session, catalogue, request, dutch_day(now), body.policy)
    ranking = ranking_of_case(catalogue, case)
    return show_ranking(
        catalogue,
        request,
        ranking,
        now,
        language,
        limit=body.limit,
        explain_all=explain_all,
        expected=shown_waits(case),
    )


def show_ranking(
    catalogue: Catalogue,
    request: Request,
    ranking: Ranking,
    now: datetime,
    language: Language,
    *,
    limit: int,
    explain_all: bool,
    expected: Mapping[str, bytes] | None = None,
) -> dict[str, Any]:
    """A ranking of the catalogue for the request, as `match` answers it: at most `limit` results.

    `expected` are our estimates as shown, by the offer's id, where they were ranked by: the answer says so then. The
    offers in it count as shown, the alternatives among them.
    """
    metrics.count_match(ranking.policy)
    writer = Writer(catalogue, request, ranking, language, limit, expected)
    results, alternatives = writer.lines()
    catalogue.note_shown(writer.shown)
    return {
        "generatedAt": write_time(now),
        "rules": RULES,
        "policy": ranking.policy,
        **({} if expected is None else {"waitSource": "expected"}),
        "deadline": ranking.norm.deadline,
        "results": results,
        "alternatives": alternatives,
        "excluded": writer.excluded(explain_all=explain_all),
    }


def ranking_of(catalogue: Catalogue, request: Request, today: date, policy: Policy) -> Ranking:
    """The offers of the catalogue, ranked for a request on that day."""
    norm, known = Norm.of(request, today), numbers()
    asked = asked_by(request, norm, known.specialisations, known.criteria)
    return Ranking(request, norm, asked, candidates_for(catalogue, request), catalogue.entries, policy)


def ranked_request(body: schemas.MatchRequest) -> Request:
    """The request in the ranking's own terms: the municipality's region, and the place of the postcode if known."""
    child, lists = body.child, reference()
    exceptions = body.exceptions if isinstance(body, schemas.DossierMatchRequest) else ()
    area = lists.postcodes.get(child.postcode) if child.postcode else None
    return Request(
        child=Child(
            birth_month=YearMonth.parse(child.birth_month),
            gender=child.gender,
            municipality=child.municipality,
            region=lists.municipalities[child.municipality].region,
            origin=area.point if area else None,
            measure=Measure(child.measure.type, child.measure.imposed_on) if child.measure else None,
            court_authorisation=child.court_authorisation,
        ),
        choices=tuple(_choice(each) for each in body.choices),
        needs=frozenset(body.needs),
        wishes=frozenset(body.wishes),
        characteristics=frozenset(body.characteristics),
        places=body.places,
        needed_by=body.needed_by,
        declines=tuple(Decline(str(each.offer_id), each.declined_on, each.reason) for each in body.declines),
        exceptions=tuple(GrantedException(str(each.offer_id), each.reason) for each in exceptions),
    )


def _choice(choice: schemas.Choice) -> Choice:
    return Choice(
        care_type=choice.care_type,
        offer_id=str(choice.offer_id) if choice.offer_id else None,
        provider_id=str(choice.provider_id) if choice.provider_id else None,
        max_distance_km=choice.max_distance_km,
    )
