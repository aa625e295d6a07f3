"""How the organisations of the demo clients are reached: desks and teams that do not exist, never persons."""

from typing import Any, Final

from app.demo.clients import organisations
from app.demo.rows import Contact, Organisation

_HOURS: Final = [{"days": ["mon", "tue", "wed", "thu", "fri"], "opens": "09:00", "closes": "17:00"}]
_DESKS: Final = {
    "gi": "Aanmeldpunt {name}",
    "local-team": "{name}",
    "region": "Toegang jeugdhulp {name}",
    "supraregion": "Expertnetwerk {name}",
}
_TEAMS: Final = (("kop-noord", "Team Kop Noord"), ("kop-zuid", "Team Kop Zuid"))
_HOME: Final = "GM0400"


def contacts() -> list[Contact]:
    """The contacts of those that have one here; a provider's stands with the provider."""
    return [_contact(number, each) for number, each in enumerate(organisations()) if each.role in _DESKS]


def _contact(number: int, organisation: Organisation) -> Contact:
    role = organisation.role
    name = organisation.institution or organisation.name
    return Contact(
        organisation_id=organisation.id,
        role=role,
        region_code=organisation.region_code,
        name=_DESKS[role].format(name=name),
        phone=f"088 000 {100 + number:04}",
        email=f"{role}-{number}@example.org",
        opening_hours=_HOURS,
        teams=[_team(key, team, number) for key, team in _TEAMS] if role == "gi" else [],
        municipalities=[_HOME] if role == "local-team" else [],
    )


def _team(key: str, name: str, number: int) -> dict[str, Any]:
    return {
        "key": key,
        "name": name,
        "phone": None,
        "email": f"{key}-{number}@example.org",
        "openingHours": _HOURS,
    }
