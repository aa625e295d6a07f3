"""The demo clients, one or two of each role and an expert team, all with the published secret `demo`."""

from typing import Final

from app.demo.rows import Client, Organisation, demo_id
from app.kit.security.callers import Caller, Role
from app.reference.lists import reference

SECRET: Final = "demo"
EXPERT_TEAM: Final = "demo-expert-team"
SALT: Final = b"demo demo demo 1"
"""One salt for all: the secret is published, and one hash is made sooner than one for each."""

_REGION: Final = "JZ03"
_INSTITUTIONS: Final = tuple(name for name, each in reference().institutions.items() if _REGION in each.regions)
"""The institutions that the demo region contracts."""

_ORGANISATIONS: Final = {
    "demo-provider": Organisation(
        demo_id("organisation", "demo-provider"),
        "Demo Jeugdhulp De Vuurtoren",
        "provider",
        provider_id=demo_id("provider", "demo-provider"),
    ),
    "demo-provider-2": Organisation(
        demo_id("organisation", "demo-provider-2"),
        "Demo Pleegzorg Noordkop",
        "provider",
        provider_id=demo_id("provider", "demo-provider-2"),
    ),
    "demo-gi": Organisation(
        demo_id("organisation", "demo-gi"),
        f"{_INSTITUTIONS[0]} (demo)",
        "gi",
        institution=_INSTITUTIONS[0],
    ),
    "demo-gi-2": Organisation(
        demo_id("organisation", "demo-gi-2"),
        f"{_INSTITUTIONS[1]} (demo)",
        "gi",
        institution=_INSTITUTIONS[1],
    ),
    "demo-local-team": Organisation(demo_id("organisation", "demo-local-team"), "Wijkteam Demodorp", "local-team"),
    "demo-referrer": Organisation(demo_id("organisation", "demo-referrer"), "Huisartsenpraktijk (demo)", "referrer"),
    "demo-region": Organisation(
        demo_id("organisation", "demo-region"), "Kop van Noord-Holland (demo)", "region", region_code=_REGION
    ),
    "demo-region-2": Organisation(
        demo_id("organisation", "demo-region-2"), "Alkmaar (demo)", "region", region_code="JZ06"
    ),
    "demo-supraregion": Organisation(
        demo_id("organisation", "demo-supraregion"),
        "Noord-Holland (demo)",
        "supraregion",
        supraregion_code="noord-holland",
    ),
    "demo-national": Organisation(demo_id("organisation", "demo-national"), "Landelijke tafel (demo)", "national"),
    "demo-inspectorate": Organisation(demo_id("organisation", "demo-inspectorate"), "Inspectie (demo)", "inspectorate"),
    "demo-admin": Organisation(demo_id("organisation", "demo-admin"), "Beheer (demo)", "admin"),
}


def organisations() -> list[Organisation]:
    """An organisation for each client."""
    return list(_ORGANISATIONS.values())


def caller_of(client_id: str) -> Caller:
    """The caller that a demo client is, of those that act for an organisation without a right beyond its role."""
    own = _ORGANISATIONS[client_id]
    return Caller(
        client_id,
        own.id,
        Role(own.role),
        provider_id=own.provider_id,
        region=own.region_code,
        supraregion=own.supraregion_code,
        institution=own.institution,
    )


def clients() -> list[Client]:
    """A client of each organisation, and for the expert team of one region a client of it with a right of its own."""
    own = [Client(name, each.id, rights=[]) for name, each in _ORGANISATIONS.items()]
    return [*own, Client(EXPERT_TEAM, _ORGANISATIONS["demo-region"].id, rights=["expert-team"])]
