"""What the endpoints of what is kept under a version share: how a form is shown, sent and answered, and withdrawn."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.http.dependencies import Now, Reading
from app.kit.security.callers import Caller
from app.supply.contracts.schemas import WithdrawalQuery
from app.web.overview.dependencies import Attempting
from app.web.overview.keeping.form import Filled, Sent, WithdrawalForm
from app.web.overview.sections import Section, sections_of
from app.web.shell.problems import NO_MORE
from app.web.shell.rendering import go_to, render


@dataclass(frozen=True, slots=True)
class Keeping:
    """A request to a page of what is kept, with what shows its form and makes the change that was sent."""

    request: Request
    session: ReadSession
    attempt: Attempting
    now: datetime

    async def withdraw(
        self,
        form: WithdrawalForm,
        make: Callable[[WriteSession, str], Awaitable[object]],
        *,
        across: bool = False,
    ) -> Sent[Any] | None:
        """Withdraws it with the reason that was given; what is wrong, where anything is. `across`: as of `attempt`."""
        errors = await self.attempt(
            WithdrawalQuery, {"why": form.waarom}, lambda session, body: make(session, body.why), across=across
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
        may_change: bool,
        **values: Any,
    ) -> Response:
        """The page of a form (a template that extends `overview/_kept.html`); `kept_id` is None for what is new."""
        errors = shown.errors if may_change or "" in shown.errors or not shown.errors else {"": NO_MORE}
        return render(
            self.request,
            template,
            status=400 if errors else 200,
            sections=sections_of(caller),
            form=shown.form,
            errors=errors,
            may_change=may_change,
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
