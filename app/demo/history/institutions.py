"""Who keeps the dossiers of the past: institutions and local teams that do not exist, and have no client."""

from dataclasses import dataclass
from typing import Final

from app.demo.clients import caller_of
from app.demo.rows import Organisation, demo_id
from app.kit.security.callers import Role


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution or local team with the regions that it works in, and its share of the children of each.

    Of one with `only_past` every dossier has been closed long ago: what its client lists stays short.
    """

    organisation: Organisation
    regions: dict[str, int]
    only_past: bool = False

    @property
    def is_team(self) -> bool:
        """Whether it is a local team, most of whose children have no measure."""
        return self.organisation.role == Role.LOCAL_TEAM

    @property
    def client_id(self) -> str:
        """What its own system would be called; no client has this id."""
        return f"export-{self.organisation.id.hex[:8]}"


def _made_up(key: str, name: str, role: Role, **regions: int) -> Institution:
    return Institution(Organisation(demo_id("organisation", key), name, role), regions)


def _past_of(client_id: str, **regions: int) -> Institution:
    own = caller_of(client_id)
    known = Organisation(own.organisation_id, own.institution or "", own.role, institution=own.institution)
    return Institution(known, regions, only_past=True)


_MADE_UP: Final = (
    _made_up("gi-duinrand", "Demo GI Duinrand", Role.GI, JZ03=45, JZ06=50, JZ10=1, JZ11=1),
    _made_up("gi-de-dijk", "Demo GI De Dijk", Role.GI, JZ03=30, JZ05=55, JZ06=30, JZ09=60),
    _made_up(
        "gi-noorderzon", "Demo GI Noorderzon", Role.GI, JZ05=25, JZ09=40, JZ10=40, JZ11=35, JZ13=1, JZ15=1, JZ16=1
    ),
    _made_up("team-de-kop", "Demo Lokaal Team De Kop", Role.LOCAL_TEAM, JZ03=17),
    _made_up("team-de-westfries", "Demo Lokaal Team De Westfries", Role.LOCAL_TEAM, JZ05=20),
    _made_up("team-kennemerland", "Demo Lokaal Team Kennemerland", Role.LOCAL_TEAM, JZ06=20),
)

INSTITUTIONS: Final = (*_MADE_UP, _past_of("demo-gi", JZ03=20))


def organisations() -> list[Organisation]:
    """The organisations that no client acts for."""
    return [each.organisation for each in _MADE_UP]
