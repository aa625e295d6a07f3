"""What the caller's organisation is told by mail."""

from fastapi import Request, Response

from app.dossiers.notifications import service
from app.dossiers.notifications.errors import NoAddressError
from app.dossiers.notifications.schemas import NotificationSettingsIn, NotificationSettingsOut
from app.dossiers.notifications.service import settings_out
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.respond import IfMatch, respond
from app.kit.http.rights import PartyToMail
from app.kit.http.routing import router as make_router

router = make_router("Access")


@router.get("/me/notification-settings", response_model=NotificationSettingsOut)
async def get_notification_settings(request: Request, caller: PartyToMail, session: Reading) -> Response:
    """Of what the caller's organisation is told by mail; nothing until it is set."""
    row = await service.find_settings(session, caller)
    return respond(request, settings_out(row), version=row.version if row else 0)


@router.put("/me/notification-settings", response_model=NotificationSettingsOut, responses=raises(NoAddressError))
async def put_notification_settings(
    request: Request,
    body: NotificationSettingsIn,
    caller: PartyToMail,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Sets of what the caller's organisation is told by mail, at which address of its own contact.

    Each happening is one mail, which says nothing about a child. A provider's address is that of its intake desk.
    """
    row = await service.put_settings(session, caller, body, if_match, now)
    return respond(request, settings_out(row), version=row.version)
