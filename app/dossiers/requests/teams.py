"""Which team of an institution a child is of."""

from app.domain.language import Text
from app.kit.database.sessions import WriteSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller
from app.notifying.contacts.service import find_contact, team_keys


async def check_team(session: WriteSession, caller: Caller, team: str | None) -> None:
    """`InvalidInputError` where the caller has no team with this key, with the keys that it has."""
    if team is None:
        return
    known = team_keys(await find_contact(session, caller.organisation_id))
    if team in known:
        return
    listed = ", ".join(known)
    text = Text(
        nl=f"Dit team is er niet; uw teams zijn: {listed}." if known else "U hebt nog geen teams (PUT /v1/me/contact).",
        en=f"There is no such team; yours are: {listed}." if known else "You have no teams yet (PUT /v1/me/contact).",
    )
    raise InvalidInputError(InputError("#/team", "unknown-code", text))
