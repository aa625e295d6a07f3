"""Everything that is kept of one child: for its institution to take out, or to erase."""

from fastapi import Request, Response

from app.dossiers.erasure import service
from app.dossiers.erasure.errors import StillOpenError
from app.dossiers.erasure.schemas import DossierExport
from app.dossiers.requests.endpoints import RequestId
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Now, Reading, WritingAcross
from app.kit.http.respond import respond
from app.kit.http.rights import Referrer
from app.kit.http.routing import router as make_router

router = make_router("Requests")


@router.get("/requests/{requestId}/export", response_model=DossierExport, responses=raises(NotFoundError))
async def export_request(
    request: Request, request_id: RequestId, caller: Referrer, session: Reading, now: Now
) -> Response:
    """Everything that is kept of one child, under the reference that the institution made up.

    Who saw it is asked with `GET /requests/{requestId}/audit-entries`."""
    row, kept = await service.export(session, caller, request_id)
    content = {
        "request_id": request_id,
        "child_reference": row.child_reference,
        "exported_at": now,
        "kept": kept,
    }
    return respond(request, DossierExport.model_validate(content, by_name=True))


@router.delete(
    "/requests/{requestId}", status_code=204, responses=raises(NotFoundError, StillOpenError), response_class=Response
)
async def erase_request(request_id: RequestId, caller: Referrer, session: WritingAcross) -> Response:
    """Erases a closed request with everything that is kept of it, here and at the other parties; for ever.

    The audit log keeps that it was erased, and who had seen it."""
    # across: what others were told of the child goes too
    await service.erase(session, caller, request_id)
    return Response(status_code=204)
