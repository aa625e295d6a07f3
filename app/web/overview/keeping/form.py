"""The forms of what is kept under a version, as they are sent and as they are shown again with what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Generic, TypeVar

from pydantic import ConfigDict, Field

from app.kit.entity_tags import etag_of
from app.kit.schemas import Schema
from app.web.overview.stored import stored_otherwise
from app.web.shell.forms import Errors


def if_match(version: str) -> str:
    """The version that a form was made of, as the services take it."""
    return etag_of(int(version)) if version.isascii() and version.isdecimal() else f'"{version}"'


class KeptForm(Schema):
    """A form of something that is kept: `versie` is that which it was made of, `fixed` what no change can set."""

    model_config = ConfigDict(extra="ignore")
    fixed: ClassVar[tuple[str, ...]] = ()

    versie: str = Field(default="", max_length=20)

    @property
    def if_match(self) -> str:
        """The version, as the services take it."""
        return if_match(self.versie)


class WithdrawalForm(KeptForm):
    """The form that takes back what was entered in error."""

    waarom: str = Field(default="", max_length=300)


FormT = TypeVar("FormT", bound=KeptForm)


@dataclass(frozen=True, slots=True)
class Filled(Generic[FormT]):
    """A form as it is shown: what is in it, what is wrong, what is stored otherwise, and why it was to be withdrawn."""

    form: FormT
    errors: Errors = field(default_factory=dict)
    stored: list[tuple[str, str]] = field(default_factory=list)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sent(Generic[FormT]):
    """What was sent and not taken: the form that changes something, or the reason to withdraw it."""

    errors: Errors
    form: FormT | None = None
    why: str = ""


def filled(stands: FormT, sent: Sent[FormT] | None, names: Mapping[str, str] | None = None) -> Filled[FormT]:
    """The form as it stands; after something was sent as it was typed, ready to be sent again over what stands now.

    `names` are those of codes, to say what somebody else stored meanwhile.
    """
    if sent is None:
        return Filled(stands)
    kept = {name: getattr(stands, name) for name in ("versie", *stands.fixed)}
    form = stands if sent.form is None else sent.form.model_copy(update=kept)
    return Filled(form, sent.errors, stored_otherwise(stands, form, names), sent.why)
