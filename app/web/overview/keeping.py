"""The forms of what is kept under a version: how one is filled in, sent, shown again with what is wrong, withdrawn."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from fastapi import Depends, Request, Response
from pydantic import ConfigDict, Field

from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.http.dependencies import Now, Reading
from app.kit.schemas import Schema
from app.kit.security.callers import Caller
from app.supply.contracts.schemas import WithdrawalQuery
from app.web.overview.dependencies import Attempting, if_match
from app.web.overview.sections import Section, sections_of
from app.web.overview.stored import stored_otherwise
from app.web.shell.forms import Errors
from app.web.shell.rendering import go_to, render


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


@dataclass(frozen=True, slots=True)
class Keeping:
    """A request to a page of what is kept, with what shows its form and makes the change that was sent."""

    request: Request
    session: ReadSession
    attempt: Attempting
    now: datetime

    async def withdraw(
        self, form: WithdrawalForm, make: Callable[[WriteSession, str], Awaitable[object]]
    ) -> Sent[Any] | None:
        """Withdraws it with the reason that was given; what is wrong, where anything is."""
        errors = await self.attempt(
            WithdrawalQuery, {"why": form.waarom}, lambda session, body: make(session, body.why)
        )
        return Sent(errors, why=form.waarom) if errors else None

    def go_to(self, path: str) -> Response:
        """Leads on after a change."""
        return go_to(self.request, path)

    def show(
        self,
        template: str,
        caller: Caller,
        shown: Filled[Any],
        *,
        section: Section,
        heading: str,
        kept_id: str | None,
        **values: Any,
    ) -> Response:
        """The page of a form (a template that extends `overview/_kept.html`); `kept_id` is None for what is new."""
        return render(
            self.request,
            template,
            status=400 if shown.errors else 200,
            sections=sections_of(caller),
            form=shown.form,
            errors=shown.errors,
            stored=shown.stored,
            why=shown.why,
            section=section.path.removeprefix("/overzicht/"),
            heading=heading,
            kept_id=kept_id,
            **{"history": [], **values},
        )


def _keeping(request: Request, session: Reading, attempt: Attempting, now: Now) -> Keeping:
    return Keeping(request, session, attempt, now)


Kept = Annotated[Keeping, Depends(_keeping)]
