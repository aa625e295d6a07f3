"""Macros of the web app as pages render them, read as XML: what is not well-formed is refused."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import app.web
from app.web.shell.files import address_of

WEB = Path(app.web.__file__).parent
_JINJA = Environment(loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined)
_JINJA.globals.update(static=address_of)


def written(template: str, macro: str, *arguments: object, **named: object) -> str:
    """What a macro of a template writes."""
    return str(getattr(_JINJA.get_template(template).module, macro)(*arguments, **named))


def read(html: str) -> Element:
    """The one element that was written."""
    return fromstring(html)  # noqa: S314  # of our own making


def of_class(element: Element, name: str) -> Iterator[Element]:
    """All elements within it that have this class."""
    return (each for each in element.iter() if name in each.get("class", "").split())


def words(element: Element) -> str:
    """The text in an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())
