"""Asking for what is not contracted, from an alternative of a request's match."""

from fastapi import Request, Response

from app.dossiers.arrangements import views
from app.dossiers.arrangements.endpoints import answer_arrangement
from app.dossiers.arrangements.errors import ArrangementOpenError
from app.dossiers.arrangements.schemas import ArrangementIn, ArrangementOut
from app.dossiers.asking import service
from app.dossiers.asking.errors import HelpedError, NoSuchAlternativeError
from app.dossiers.requests.endpoints import RequestId
from app.dossiers.requests.errors import ClosedError
from app.finding.catalogue.dependencies import Context
from app.kit.errors import ConflictError, NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.rights import Referrer
from app.kit.http.routing import router as make_router

router = make_router("Arrangements")


@router.post(
    "/requests/{requestId}/arrangements",
    response_model=ArrangementOut,
    status_code=201,
    responses=LOCATION
    | raises(NotFoundError, ArrangementOpenError, ClosedError, ConflictError, HelpedError, NoSuchAlternativeError),
)
async def ask_arrangement(
    request: Request,
    request_id: RequestId,
    body: ArrangementIn,
    caller: Referrer,
    session: Writing,
    context: Context,
    once: Idempotent,
) -> Response:
    """Asks for what an alternative needs: of the child's region a light contract, an exception to a budget ceiling or a
    longer distance; of the provider its consent.

    The answer is due within the working days that the region has agreed (`arrangementAnswerDays`, five unless said).
    """

    async def create() -> Response:
        row = await service.ask(session, context.follower.catalogue, caller, request_id, body, context.now)
        full = await views.get_arrangement(session, caller, row.id)
        headers = {"Location": f"/v1/arrangements/{row.id}"}
        return answer_arrangement(request, full, caller, context.now, 201, headers)

    return await once(caller, create)
