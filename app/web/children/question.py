"""What is asked on the page of children: its form, and the question for the service that it comes to."""

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from pydantic import ConfigDict, Field

from app.dossiers.requests.schemas import DeadlineQuery
from app.kit.schemas import Schema
from app.web.shell.forms import Errors, read_form

PATH: Final = "/jeugdigen"
_RUNNING: Final = ["open", "placed", "helped"]
SHOWN: Final[dict[str, tuple[str, dict[str, list[str]]]]] = {
    "": ("Alle lopende", {"status": _RUNNING}),
    "dringend": ("Te laat of bijna", {"status": _RUNNING, "light": ["red", "amber"]}),
    "te-laat": ("Te laat", {"status": _RUNNING, "light": ["red"]}),
    "zoekt-hulp": ("Zoekt hulp", {"status": ["open"]}),
    "plek": ("Plek gevonden", {"status": ["placed"]}),
    "hulp": ("Hulp gestart", {"status": ["helped"]}),
    "gesloten": ("Gesloten", {"status": ["closed"]}),
}
"""What can be chosen: a label, and what that asks."""


class ChildrenForm(Schema):
    """The fields of the form. `zoek` may be a reference of a child, so it is sent by POST and stands in no address."""

    model_config = ConfigDict(extra="ignore")

    toon: str = Field(default="", max_length=20)
    zoek: str = Field(default="", max_length=200)
    na: str = Field(default="", max_length=1000)

    def address(self, **other: str) -> str:
        """The address of this question without what is searched for, with some fields otherwise."""
        fields = {"toon": self.toon, "na": self.na, **other}
        given = {name: value for name, value in fields.items() if value}
        return f"{PATH}?{urlencode(given)}" if given else PATH


def read(form: ChildrenForm, limit: int) -> tuple[DeadlineQuery | None, Errors]:
    """The question that the form asks; None with what is wrong."""
    values: dict[str, Any] = {"limit": limit, **SHOWN.get(form.toon, SHOWN[""])[1]}
    if form.zoek.strip():
        values["text"] = form.zoek.strip()
    if form.na:
        values["cursor"] = form.na
    return read_form(DeadlineQuery, values)


def key_of(query: DeadlineQuery) -> list[Any] | None:
    """Where the page starts; `InvalidInputError` for a cursor of another question."""
    return query.key(PATH, date, date, UUID)
