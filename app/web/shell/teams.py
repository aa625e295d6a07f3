"""The teams of an organisation, to choose from."""

from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.callers import Caller
from app.notifying.contacts import service as contacts


async def teams_of(session: ReadSession | WriteSession, caller: Caller) -> list[tuple[str, str]]:
    """The teams of the caller's organisation, by key, each with its name."""
    contact = await contacts.find_contact(session, caller.organisation_id)
    return [(each["key"], each["name"] or each["key"]) for each in contact.teams] if contact else []
