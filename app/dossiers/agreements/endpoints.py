"""What regions have agreed: terms of their own, and the ladder of escalation."""

from typing import Annotated

from fastapi import Path, Request, Response

from app.domain.identifiers import RegionCode
from app.dossiers.agreements import service
from app.dossiers.agreements.schemas import AgreementsIn, AgreementsOut
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.respond import IfMatch, respond
from app.kit.http.rights import AnyCaller, Registrar
from app.kit.http.routing import router as make_router
from app.kit.schemas import parsed

router = make_router("Requests")

RegionId = Annotated[
    str, parsed(RegionCode.parse), Path(alias="region", description="The jeugdregio.", examples=["JZ05"])
]


@router.get("/regions/{region}/agreements", response_model=AgreementsOut, responses=raises(NotFoundError))
async def get_agreements(request: Request, region: RegionId, _: AnyCaller, session: Reading) -> Response:
    """What a region has agreed; without agreements of its own, what holds then."""
    row = await service.get_agreements(session, region)
    return respond(request, service.agreements_out(row), version=row.version)


@router.put("/regions/{region}/agreements", response_model=AgreementsOut, responses=raises(NotFoundError))
async def put_agreements(
    request: Request,
    region: RegionId,
    body: AgreementsIn,
    caller: Registrar,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Sets what a region has agreed. The clocks of its children go by it at once."""
    row = await service.put_agreements(session, caller, region, body, if_match, now)
    return respond(request, service.agreements_out(row), version=row.version)
