"""Keeping what organisations want to be told by mail: each its own."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from app.domain.language import Text
from app.dossiers.notifications import repository
from app.dossiers.notifications.errors import NoAddressError
from app.dossiers.notifications.schemas import Kind, MailSetting, NotificationSettingsIn, NotificationSettingsOut
from app.dossiers.notifications.tables import NotificationSettingsRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version
from app.notifying.contacts.service import find_contact

_SENDERS: Final[tuple[Kind, ...]] = ("answer", "notice", "delivery")
KINDS: Final[dict[Role, tuple[Kind, ...]]] = {
    Role.PROVIDER: ("referral", "call", "notice"),
    Role.GI: _SENDERS,
    Role.LOCAL_TEAM: _SENDERS,
    **dict.fromkeys((Role.REGION, Role.SUPRAREGION, Role.NATIONAL), ("notice",)),
}
"""What each role can be told of."""


async def find_settings(session: ReadSession, caller: Caller) -> NotificationSettingsRow | None:
    """The caller's settings; None where it has set nothing."""
    return await repository.find_settings(session, caller)


async def put_settings(
    session: WriteSession, caller: Caller, body: NotificationSettingsIn, if_match: str | None, now: datetime
) -> NotificationSettingsRow:
    """Sets what the caller's organisation is told by mail, of what happens from now on.

    `NoAddressError` where it has no address that a mail can go to.
    """
    errors = [error for number, each in enumerate(body.mails) for error in _wrong(number, each, caller.role)]
    if errors:
        raise InvalidInputError(*errors)
    addresses = await _addresses(session, caller)
    if not all(addresses[each.address] for each in body.mails):
        raise NoAddressError("PATCH /v1/providers/{id}" if caller.role is Role.PROVIDER else "PUT /v1/me/contact")
    row = await repository.hold_settings(session, caller)
    check_version(if_match, row.version)
    await change(session, row, {"mails": body.model_dump(mode="json")["mails"]}, now)
    return row


async def _addresses(session: WriteSession, caller: Caller) -> dict[str, bool]:
    """Which of the addresses that a mail can go to the caller has."""
    if caller.role is Role.PROVIDER:
        provider = await repository.find_provider(session, caller.provider_id) if caller.provider_id else None
        return {"desk": provider is not None and provider.email is not None, "team": False}
    contact = await find_contact(session, caller.organisation_id)
    desk = contact is not None and contact.email is not None
    return {"desk": desk, "team": desk or (contact is not None and any(each["email"] for each in contact.teams))}


def _wrong(number: int, setting: MailSetting, role: Role) -> Iterator[InputError]:
    """What does not go with the role."""
    if setting.kind not in KINDS[role]:
        listed = ", ".join(KINDS[role])
        text = Text(nl=f"U kunt hiervan mail krijgen: {listed}.", en=f"You can be told of these by mail: {listed}.")
        yield InputError(f"#/mails/{number}/kind", "not-applicable", text)
    if setting.address == "team" and role is not Role.GI:
        text = Text(nl="Alleen een instelling heeft teams; kies desk.", en="Only institutions have teams; choose desk.")
        yield InputError(f"#/mails/{number}/address", "not-applicable", text)


def settings_out(row: NotificationSettingsRow | None) -> NotificationSettingsOut:
    """The settings as they go over the wire."""
    return NotificationSettingsOut.model_validate({"mails": row.mails if row else []})
