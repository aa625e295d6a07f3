"""The quarterly statement of waiting: a provider's own, and the inspectorate's to see."""

from typing import Annotated

from fastapi import Path, Request, Response

from app.domain.dates import Quarter, dutch_day
from app.kit.database.sessions import ReadSession
from app.kit.errors import NotFoundError
from app.kit.http.accept import preferred
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Now, ReplicaReading
from app.kit.http.language import InLanguage
from app.kit.http.respond import respond, respond_bytes
from app.kit.http.rights import Accountable
from app.kit.http.routing import router as make_router
from app.kit.media_types import CSV, JSON
from app.supply.providers.endpoints import ProviderId
from app.supply.statements import service
from app.supply.statements.csv_table import write_table
from app.supply.statements.schemas import QuarterName, StatementOut

router = make_router("Capacity")

QuarterPath = Annotated[QuarterName, Path(alias="quarter", description="The quarter.")]


@router.get(
    "/providers/{providerId}/statements/{quarter}",
    response_model=StatementOut,
    responses=raises(NotFoundError)
    | {200: {"content": {CSV: {"schema": {"type": "string", "description": "A line for each item."}}}}},
)
async def get_statement(
    request: Request,
    provider_id: ProviderId,
    quarter: QuarterPath,
    caller: Accountable,
    replica: ReplicaReading,
    now: Now,
    language: InLanguage,
) -> Response:
    """What a provider states of waiting in a quarter, for the Nederlandse Zorgautoriteit (Regeling Jeugdwet art. 8g).

    The numbers waiting and the estimated waits by care type and region, from the capacity history, with how complete
    it was. A quarter that is not over is provisional, and counted up to today; one that has yet to begin is a 404.
    `Accept: text/csv` asks for a table.
    """

    async def read(session: ReadSession) -> StatementOut:
        return await service.get_statement(session, caller, provider_id, Quarter.parse(quarter), dutch_day(now))

    statement = await replica(read)
    headers = {"Vary": "Accept, Accept-Language, Authorization"}
    if preferred(request, JSON, CSV) == JSON:
        return respond(request, statement, headers=headers)
    name = {"nl": "kwartaalopgave", "en": "statement"}[language]
    headers |= {
        "Content-Disposition": f'attachment; filename="{name}-{statement.quarter}.csv"',
        "Content-Language": language,
    }
    return respond_bytes(request, write_table(statement, language), f"{CSV}; charset=utf-8", headers=headers)
