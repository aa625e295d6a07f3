"""Who asks what fits, about whom."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from app.finding.catalogue.dependencies import CatalogueContext, Context
from app.kit.database.sessions import WriteSession
from app.kit.http.dependencies import Writing
from app.kit.http.guards import before_body
from app.kit.security.callers import Caller, Role
from app.web.fitting.form import FittingForm
from app.web.fitting.service import Asked, Known, ask, get_known
from app.web.sign_in.dependencies import Referrer, asks_by_itself, seen_by

KEEPERS = (Role.GI, Role.LOCAL_TEAM)
"""Who keeps dossiers."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who asks what fits; `known` is the child of a dossier that it is about.

    `again`: the page that they have before them asks by itself, since something changed.
    """

    caller: Caller
    session: WriteSession
    context: CatalogueContext
    known: Known | None
    again: bool

    @property
    def is_keeper(self) -> bool:
        """Whether who asks keeps dossiers."""
        return self.caller.role in KEEPERS

    async def ask(self, form: FittingForm) -> Asked:
        """The question of the form with its ranking."""
        catalogue = self.context.follower.catalogue
        return await ask(self.session, catalogue, self.caller, form, self.known, self.context.now, again=self.again)


@before_body
async def _asker(request: Request) -> Caller:
    allowed = seen_by(*KEEPERS) if request.query_params.get("jeugdige") else seen_by(*KEEPERS, Role.REFERRER)
    return await allowed(request)


async def _asking(
    request: Request,
    caller: Annotated[Caller, Depends(_asker)],
    session: Writing,
    context: Context,
    jeugdige: UUID | None = None,
) -> Visit:
    known = await get_known(session, caller, jeugdige, context.now) if jeugdige else None
    return Visit(caller, session, context, known, asks_by_itself(request))


async def _keeping(
    request: Request, caller: Referrer, session: Writing, context: Context, jeugdige: UUID | None = None
) -> Visit:
    return await _asking(request, caller, session, context, jeugdige)


Asking = Annotated[Visit, Depends(_asking)]
"""Who may ask what fits; for a child of a dossier only who keeps dossiers."""
Keeping = Annotated[Visit, Depends(_keeping)]
"""Who keeps dossiers."""
