"""Who may see the pages of the overview, and how its forms change something."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from app.domain.language import Text
from app.kit.database.sessions import WriteSession
from app.kit.errors import ConflictError, ForbiddenError, InvalidInputError, PreconditionFailedError
from app.kit.http.dependencies import database_across, database_of
from app.kit.security.callers import Caller, Right, Role
from app.web.shell.forms import Errors, Model, errors_of, read_form
from app.web.shell.problems import said_of
from app.web.sign_in.dependencies import seen_by

Overseer = Annotated[Caller, Depends(seen_by(Role.REGION, Role.SUPRAREGION, Role.NATIONAL, Role.INSPECTORATE))]
"""Whoever looks at a region from the region itself or above it."""

Planner = Annotated[Caller, Depends(seen_by(Role.REGION, Role.SUPRAREGION))]
"""Those who have a plan."""


def _check_team(caller: Caller) -> Caller:
    if caller.role is Role.REGION and Right.EXPERT_TEAM not in caller.rights:
        raise ForbiddenError(
            Text(
                nl="Deze pagina is er voor het expertteam van een regio; u bent aangemeld als jeugdregio.",
                en="This page is for the expert team of a region; you have signed in as the region.",
            )
        )
    return caller


async def _expert_team(caller: Annotated[Caller, Depends(seen_by(Role.REGION))]) -> Caller:
    return _check_team(caller)


async def _asked(caller: Annotated[Caller, Depends(seen_by(Role.REGION, Role.SUPRAREGION, Role.NATIONAL))]) -> Caller:
    return _check_team(caller)


ExpertTeam = Annotated[Caller, Depends(_expert_team)]
"""The expert team of a region, for the children of its region that are over a norm."""


async def _table(caller: Planner) -> Caller:
    return _check_team(caller)


Table = Annotated[Caller, Depends(_table)]
"""Those at whose table many children and few places lie, as `kit.http.rights.Table`."""

PartyToSteps = Annotated[Caller, Depends(_asked)]
"""Whoever a step of the ladder is of, from the expert team up."""

CHANGED: Final = (
    "Iemand anders heeft dit intussen gewijzigd. Wat u invulde, staat hieronder nog; sla opnieuw op als dat moet "
    "gelden."
)


class Attempt:
    """Makes the change that a form asks for, in a transaction of its own.

    `errors = await attempt(ContractPatch, form.changed(), lambda session, body: change_contract(session, …, body))`
    """

    def __init__(self, request: Request) -> None:
        self._request = request

    async def __call__(
        self,
        model: type[Model],
        values: Mapping[str, Any],
        make: Callable[[WriteSession, Model], Awaitable[object]],
        *,
        across: bool = False,
    ) -> Errors:
        """What is wrong, by field, and under "" what is of no field; where anything is, nothing was changed.

        `across`: as `WritingAcross`.
        """
        body, errors = read_form(model, values)
        if body is None:
            return errors
        try:
            database = database_across(self._request) if across else database_of(self._request)
            async with database.write() as session:
                await make(session, body)
        except InvalidInputError as error:
            return errors_of(error)
        except PreconditionFailedError:
            return {"": CHANGED}
        except (ConflictError, ForbiddenError) as error:
            return {"": said_of(error)}
        return {}


Attempting = Annotated[Attempt, Depends(Attempt)]
"""For a form: what is wrong is shown where it stands, and nothing that was typed is lost."""
