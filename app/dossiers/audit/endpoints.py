"""The audit log of a dossier, for the institution whose dossier it is."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.dossiers.audit import service
from app.dossiers.audit.schemas import AuditEntryOut, audit_entry_out
from app.dossiers.requests.endpoints import RequestId
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Reading
from app.kit.http.pagination import listed
from app.kit.http.rights import Referrer
from app.kit.http.routing import router as make_router
from app.kit.pages import Page, PageQuery

router = make_router("Requests")


@router.get("/requests/{requestId}/audit-entries", response_model=Page[AuditEntryOut], responses=raises(NotFoundError))
async def list_audit_entries(
    request: Request, request_id: RequestId, query: Annotated[PageQuery, Query()], caller: Referrer, session: Reading
) -> Response:
    """Who saw or changed the dossier, when and why, from the first on; also of one that the caller has erased."""
    key = query.key(request.url.path, int)
    found = await service.list_entries(session, caller, request_id, limit=query.window, after=key[0] if key else None)
    return listed(request, query, found, key=lambda each: [each[0].id], show=lambda each: audit_entry_out(*each))
