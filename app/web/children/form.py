"""What can be done in a dossier: an action is a form, the API's schema that it is read through, and the service."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, Literal, TypeVar
from uuid import UUID

from app.domain.language import Text
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import WriteSession
from app.kit.errors import NotFoundError
from app.kit.schemas import Schema
from app.kit.security.callers import Caller
from app.web.children.service import Dossier
from app.web.shell.problems import CHOOSE, FILL_IN

Body = TypeVar("Body", bound=Schema)
Item = TypeVar("Item")
Kind = Literal["day", "text", "number", "words", "choice", "radio", "checks", "hidden"]

NO_NAMES: Final = "Zonder iets waaraan het kind te herkennen is: geen naam, geboortedatum of BSN."


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form, by its name in the API; `value` is what it begins with (of `checks` several)."""

    name: str
    label: str
    kind: Kind = "text"
    options: Sequence[tuple[str, str]] = ()
    hint: str | None = None
    required: bool = True
    value: str | Sequence[str] = ""
    at: str | None = None

    @property
    def pointer(self) -> str:
        """Where the API says that something is wrong with it."""
        return self.at or f"/{self.name}"

    @property
    def unfilled(self) -> str:
        """What is wrong with it where nothing was filled in."""
        return CHOOSE if self.kind == "checks" else FILL_IN

    def has_option(self, code: str | None) -> bool:
        """Whether a code is one of those that can be chosen."""
        return any(code == known for known, _ in self.options)


@dataclass(frozen=True, slots=True)
class Form:
    """A form as a page shows it; `version` is the ETag of what it changes, `offer_id` the offer that it is about."""

    title: str
    submit: str
    fields: Sequence[Field]
    version: str | None = None
    intro: str | None = None
    offer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What doing an action takes: who does it, to what, in which transaction, based on which version."""

    session: WriteSession
    catalogue: Catalogue
    caller: Caller
    request_id: UUID
    item: str
    version: str | None
    now: datetime

    @property
    def item_id(self) -> UUID:
        """The item of an action that is done to something with an id."""
        return id_of(self.item)


@dataclass(frozen=True, slots=True)
class Action(Generic[Body]):
    """Something that can be done in a dossier.

    `form` is given the dossier and what of it is meant; `NotFoundError` where it cannot be done there. `values` makes
    what the schema takes of what was sent, by the names of the fields and without what was left empty. `done` says on
    the dossier's page what was done.
    """

    form: Callable[[Dossier, str], Form]
    schema: type[Body]
    perform: Callable[[Work, Body], Awaitable[object]]
    done: str
    values: Callable[[dict[str, Any], str], Mapping[str, Any]] = field(default=lambda sent, _: sent)


class Nothing(Schema):
    """What is said with an action that takes no words."""


def no_such(_: object = None) -> NotFoundError:
    """The error for an action that does not exist, or not here."""
    return NotFoundError(Text(nl="Deze handeling kan hier niet; ze", en="This action"))


def id_of(text: str) -> UUID:
    """The id that a text is."""
    try:
        return UUID(text)
    except ValueError as error:
        raise no_such() from error


def found(items: Sequence[Item], fits: Callable[[Item], bool]) -> Item:
    """The first of these that fits; `NotFoundError` where none does."""
    for each in items:
        if fits(each):
            return each
    raise no_such()


def own(dossier: Dossier) -> Dossier:
    """The dossier, which must be the caller's own for what is to be done."""
    if not dossier.is_own:
        raise no_such()
    return dossier


def whole(sent: dict[str, Any], *names: str) -> dict[str, Any]:
    """What was sent, with these as whole numbers where they are."""
    return {
        name: int(value) if name in names and isinstance(value, str) and value.isdecimal() else value
        for name, value in sent.items()
    }


def options(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The codes of a list with their names."""
    return [(code, each.name.nl) for code, each in values.items()]
