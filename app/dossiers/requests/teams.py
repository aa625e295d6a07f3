"""Which team of an institution a child is of."""

from collections.abc import Sequence

from app.domain.language import Text
from app.kit.database.sessions import WriteSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller
from app.notifying.contacts.service import find_contact, team_keys


async def check_team(session: WriteSession, caller: Caller, team: str | None) -> None:
    """`InvalidInputError` where the caller has no team with this key, with the keys that it has."""
    if team is None:
        return
    known = await known_teams(session, caller)
    if team not in known:
        raise InvalidInputError(unknown_team(known))


async def known_teams(session: WriteSession, caller: Caller) -> list[str]:
    """The keys of the caller's own teams."""
    return team_keys(await find_contact(session, caller.organisation_id))


def unknown_team(known: Sequence[str]) -> InputError:
    """The error for a team that is none of these."""
    listed = ", ".join(known)
    text = Text(
        nl=f"Dit team is er niet; uw teams zijn: {listed}." if known else "U hebt nog geen teams (PUT /v1/me/contact).",
        en=f"There is no such team; yours are: {listed}." if known else "You have no teams yet (PUT /v1/me/contact).",
    )
    return InputError("#/team", "unknown-code", text)
