"""Names that nobody can take for a real provider: each starts with "Demo"."""

import re
import unicodedata
from typing import Final

NOUNS: Final = (
    "De Vuurtoren",
    "Het Baken",
    "De Wilg",
    "De Zwaluw",
    "Het Anker",
    "De Horizon",
    "De Linde",
    "De Kompasroos",
    "De Springplank",
    "De Vlieger",
    "Het Veerhuis",
    "De Meander",
    "De Brug",
    "De Wending",
    "Het Kruispunt",
    "De Boei",
    "De Zeester",
    "Het Klaverblad",
    "De Merel",
    "De Ooievaar",
    "De Regenboog",
    "De Zonnewijzer",
    "Het Lichtschip",
    "De Loods",
    "De Stuurman",
    "De Karavaan",
    "De Oase",
    "De Haven",
    "De Kade",
    "De Sluis",
    "Het Palet",
    "De Waterlelie",
    "De Kastanje",
    "De Beuk",
    "De Berk",
    "De Esdoorn",
    "De Lariks",
    "Het Zandpad",
    "De Heuvel",
    "De Bron",
    "De Molensteen",
    "De Wissel",
    "De Spil",
    "De Schakel",
    "De Cirkel",
    "Het Mozaïek",
    "De Vlinder",
    "De Libel",
    "De Egel",
    "De Eekhoorn",
    "De Bever",
    "De Otter",
    "De Kievit",
    "De Grutto",
    "De Leeuwerik",
    "De Nachtegaal",
    "De Roodborst",
    "De Winterkoning",
    "De Putter",
    "De Sijs",
    "De Fuut",
    "De Aalscholver",
    "De Lepelaar",
    "De Reiger",
)

STREETS: Final = (
    "Voorbeeldlaan",
    "Demostraat",
    "Fictieweg",
    "Proefhof",
    "Modelplein",
    "Testkade",
    "Schetspad",
    "Verzinsel",
)

NOTES: Final = (
    "Intake op maandag en donderdag.",
    "Bel de intakedesk voor overleg over het profiel.",
    "Broers en zussen samen in overleg.",
    "Vervoer naar school is te regelen.",
    "Plek in de weekendgroep beschikbaar.",
)


def slug(name: str) -> str:
    """The name as part of a host name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
