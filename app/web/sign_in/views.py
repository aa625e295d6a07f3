"""What the pages of signing in show."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from app.kit.security.callers import Caller, Right
from app.web.shell.words import ROLES
from app.web.sign_in.errors import Failure

_OWN: Final = re.compile(r"/(?![/\\])[^\s\\]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class DemoRole:
    """A button: sign in as this demo client."""

    client_id: str
    role: str
    name: str


def own_path(path: str) -> str:
    """The path where it is one of this site; else the start. `//elsewhere` is none: browsers read it as a host."""
    return path if _OWN.fullmatch(path) else "/"


def demo_roles(callers: Iterable[tuple[Caller, str]]) -> list[DemoRole]:
    """One client for each role, and one for the expert team; of several the first by name."""
    found: dict[str, DemoRole] = {}
    for caller, name in callers:
        role = "expertteam" if Right.EXPERT_TEAM in caller.rights else ROLES[caller.role]
        found.setdefault(role, DemoRole(caller.client_id, role, name))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Advice:
    """What went wrong, and how to go on: a link, with what it says."""

    status: int
    title: str
    text: str
    action: str
    address: str


_AGAIN: Final = "Opnieuw aanmelden"
_FAILURES: Final = {
    Failure.DENIED: (
        403,
        "Het aanmelden is afgebroken",
        "U hebt het aanmelden bij {name} afgebroken, of u bent daar niet toegelaten. Was dat niet de bedoeling? "
        "Probeer het dan opnieuw.",
        _AGAIN,
    ),
    Failure.EXPIRED: (
        400,
        "Deze aanmelding is niet meer geldig",
        "Het aanmelden duurde langer dan tien minuten, is al gebruikt, of is in een ander venster begonnen. Begin "
        "opnieuw. Gebeurt dit steeds? Sta dan cookies toe voor deze site.",
        _AGAIN,
    ),
    Failure.AWAY: (
        503,
        "Aanmelden lukt nu niet",
        "Er komt geen antwoord van de aanmeldpagina van {name}. Probeer het over een paar minuten opnieuw. Duurt het "
        "langer? Bel dan de helpdesk van uw organisatie.",
        "Probeer opnieuw",
    ),
    Failure.UNTRUSTED: (
        502,
        "Aanmelden is niet gelukt",
        "Het antwoord van {name} klopt niet, en daarom bent u niet aangemeld. Probeer het opnieuw. Lukt het dan nog "
        "niet? Vraag dan de beheerder van deze site om de instellingen van het aanmelden na te kijken.",
        _AGAIN,
    ),
    Failure.NO_ROLE: (
        403,
        "Uw account heeft hier nog geen toegang",
        "U bent aangemeld bij {name}, maar bij uw account staat niet welke rol u hier hebt. Vraag de beheerder van uw "
        "organisatie om u toegang te geven tot de Beschikbaarheidswijzer.",
        "Aanmelden met een ander account",
    ),
}


def advice(failure: Failure, name: str, to: str) -> Advice:
    """What to tell somebody who could not sign in; `name` is what people call the issuer, `to` where they wanted to."""
    status, title, text, action = _FAILURES[failure]
    query = {"naar": to} | ({"ander": "ja"} if failure is Failure.NO_ROLE else {})
    return Advice(status, title, text.format(name=name), action, f"/aanmelden/organisatie?{urlencode(query)}")
