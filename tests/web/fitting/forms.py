"""The form of what fits, as somebody fills it in."""

from typing import Any

from selectolax.lexbor import LexborHTMLParser


def filled(**fields: Any) -> dict[str, Any]:
    """For a girl of Den Helder with guardianship, whose first choice is a family-style group home, unless said."""
    return {
        "geboortemaand": "5-2014",
        "geslacht": "female",
        "gemeente": "Den Helder",
        "postcode": "1781",
        "maatregel": "21",
        "uitgesproken": "2026-10-12",
        "zorgvorm": ["gezinshuis", "", ""],
        "afstand": ["", "", ""],
        "wens": ["", "", ""],
        "wensvan": ["gezinshuis/", "", ""],
        **fields,
    }


def value_of(page: LexborHTMLParser, selector: str) -> str | None:
    """The value of the one field that a selector finds."""
    [field] = page.css(selector)
    return field.attributes["value"]
