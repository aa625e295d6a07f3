"""The pages of the overview, by who has them."""

from typing import Final, NamedTuple

from app.kit.security.callers import Caller, Right, Role


class Section(NamedTuple):
    """A page of the overview, as its own navigation names it."""

    path: str
    label: str


FIGURES: Final = Section("/overzicht", "Cijfers")
STATEMENT: Final = Section("/overzicht/wachtlijst", "Wachtlijst")
PLAN: Final = Section("/overzicht/plan", "Plan")
TARGETS: Final = Section("/overzicht/streeflijnen", "Streeflijnen")
BREAKTHROUGH: Final = Section("/overzicht/doorbraak", "Doorbraaklijst")
ESCALATED: Final = Section("/overzicht/voorgelegd", "Voorgelegd")
PROPOSALS: Final = Section("/overzicht/voorstellen", "Voorstellen")
ARRANGEMENTS: Final = Section("/overzicht/regelingen", "Regelingen")
CONTRACTS: Final = Section("/overzicht/contracten", "Contracten")
STOPS: Final = Section("/overzicht/plaatsingsstops", "Plaatsingsstops")
AGREEMENTS: Final = Section("/overzicht/afspraken", "Afspraken")

_EVERYBODY: Final = (FIGURES, STATEMENT, PLAN, TARGETS)
_EXPERT_TEAM: Final = (BREAKTHROUGH, ESCALATED, PROPOSALS)
_OF_REGION: Final = (ARRANGEMENTS, CONTRACTS, STOPS, AGREEMENTS)


def sections_of(caller: Caller) -> tuple[Section, ...]:
    """The pages that a caller has."""
    if caller.role is Role.REGION:
        team = _EXPERT_TEAM if Right.EXPERT_TEAM in caller.rights else ()
        return (*_EVERYBODY, *team, *_OF_REGION)
    if caller.role is Role.SUPRAREGION:
        return (*_EVERYBODY, ESCALATED, PROPOSALS)
    if caller.role is Role.NATIONAL:
        return (*_EVERYBODY, ESCALATED)
    return _EVERYBODY
