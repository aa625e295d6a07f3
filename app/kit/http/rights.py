"""What right an endpoint needs, said in its signature: the caller of the request, let through by its role."""

from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import OAuth2

from app.domain.language import Text
from app.kit.errors import ForbiddenError
from app.kit.http.addresses import address_of
from app.kit.http.guards import before_body
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.rate_limit import count
from app.kit.http.respond import origin_of
from app.kit.security.callers import REFERRING, Caller, Right, Role, unauthenticated


async def _find_caller(request: Request) -> Caller | None:
    """The caller of the request's token, who is counted; None where there is no token."""
    authorization = request.headers.get("authorization")
    if authorization is None:
        return None
    if len(request.headers.getlist("authorization")) > 1:
        raise unauthenticated(
            Text(nl="Stuur een token mee, niet meer.", en="Send one token, no more."), "invalid_request"
        )
    parts = parts_of(request.app, KitParts)
    caller = request.state.caller = await parts.callers.get(authorization, partial(origin_of, request))
    count(request, parts.rate_limit, caller.client_id)
    return caller


async def _get_caller(request: Request) -> Caller:
    caller = await _find_caller(request)
    if caller is None:
        raise unauthenticated(
            Text(
                nl="Stuur een token mee: Authorization: Bearer …; haal het bij POST /v1/oauth/token.",
                en="Send a token: Authorization: Bearer …; get one from POST /v1/oauth/token.",
            )
        )
    return caller


def caller_of(request: Request) -> Caller | None:
    """The caller of a request that was let through; None where it has no token."""
    caller: Caller | None = getattr(request.state, "caller", None)
    return caller


def seconds_left(request: Request) -> float | None:
    """For how long the token of a request that was let through is valid; None where it has none."""
    authorization = request.headers.get("authorization")
    return None if authorization is None else parts_of(request.app, KitParts).callers.seconds_left(authorization)


@before_body
class Scheme(OAuth2):
    """The security scheme, as FastAPI documents it. What is made of it looks at the token, all in one dependency."""

    def __init__(self) -> None:
        super().__init__(
            flows=OAuthFlows(clientCredentials=OAuthFlowClientCredentials(tokenUrl="oauth/token")),
            scheme_name="oauth2",
            description="Bearer token of POST /v1/oauth/token (client credentials), or of the trusted OpenID issuer.",
        )


class _Caller(Scheme):
    async def __call__(self, request: Request) -> Caller:  # type: ignore[override]  # FastAPI passes on whatever it is
        return await _get_caller(request)


class _Reader(Scheme):
    async def __call__(self, request: Request) -> Caller | None:  # type: ignore[override]  # as above
        parts = parts_of(request.app, KitParts)
        if "authorization" in request.headers or not parts.settings.public_access:
            return await _get_caller(request)
        count(request, parts.rate_limit, f"address {address_of(request)}")
        return None


class Open:
    """Lets everybody through, counted by address; a token is not looked at."""

    async def __call__(self, request: Request) -> None:
        count(request, parts_of(request.app, KitParts).rate_limit, f"address {address_of(request)}")


OPEN = Depends(before_body(Open()))
"""For what is open to all: a dependency of a whole router."""


class needs(Scheme):  # noqa: N801 - reads as what it says in a signature
    """A dependency that lets through only callers with one of these roles."""

    def __init__(self, *roles: Role) -> None:
        super().__init__()
        self._roles = roles

    async def __call__(self, request: Request) -> Caller:  # type: ignore[override]  # as above
        caller = await _get_caller(request)
        if caller.role not in self._roles:
            wanted = ", ".join(self._roles)
            raise ForbiddenError(
                Text(
                    nl=f"Dit mag alleen met de rol {wanted}; uw rol is {caller.role}.",
                    en=f"This takes the role {wanted}; yours is {caller.role}.",
                )
            )
        return caller


async def _expert_team(caller: Annotated[Caller, Depends(needs(Role.REGION))]) -> Caller:
    if Right.EXPERT_TEAM not in caller.rights:
        raise ForbiddenError(
            Text(
                nl="Dit mag alleen het expertteam van een regio: een client met het recht expert-team.",
                en="This is for the expert team of a region alone: a client with the right expert-team.",
            )
        )
    return caller


async def _party_to_corrections(
    caller: Annotated[Caller, Depends(needs(Role.PROVIDER, Role.GI, Role.LOCAL_TEAM, Role.REGION))],
) -> Caller:
    return await _expert_team(caller) if caller.role is Role.REGION else caller


async def _party_to_requests(
    caller: Annotated[Caller, Depends(needs(Role.GI, Role.LOCAL_TEAM, Role.REGION))],
) -> Caller:
    return await _expert_team(caller) if caller.role is Role.REGION else caller


async def _party_to_steps(
    caller: Annotated[Caller, Depends(needs(Role.LOCAL_TEAM, Role.REGION, Role.SUPRAREGION, Role.NATIONAL))],
) -> Caller:
    return await _expert_team(caller) if caller.role is Role.REGION else caller


async def _table(caller: Annotated[Caller, Depends(needs(Role.REGION, Role.SUPRAREGION))]) -> Caller:
    return await _expert_team(caller) if caller.role is Role.REGION else caller


async def _party_to_escalations(
    caller: Annotated[Caller, Depends(needs(Role.GI, Role.LOCAL_TEAM, Role.REGION, Role.SUPRAREGION, Role.NATIONAL))],
) -> Caller:
    return await _expert_team(caller) if caller.role is Role.REGION else caller


Holder = Annotated[Caller, Depends(_Caller())]
"""Whoever holds a token, to be told who that is."""

AnyCaller = Annotated[Caller, Depends(needs(*(role for role in Role if role is not Role.REFERRER)))]
"""Every professional role save the one that only searches and matches (a GP, for one)."""

AnyReader = Annotated[Caller | None, Depends(_Reader())]
"""Every professional role, and with the setting PUBLIC_ACCESS everybody (None)."""

Reached = Annotated[Caller, Depends(needs(*(role for role in Role if role not in {Role.PROVIDER, Role.REFERRER})))]
"""Every role whose contact is kept here: a provider's stands with the provider, and a referrer stores nothing."""

Admin = Annotated[Caller, Depends(needs(Role.ADMIN))]
Owner = Annotated[Caller, Depends(needs(Role.PROVIDER, Role.ADMIN))]
Party = Annotated[Caller, Depends(needs(Role.PROVIDER, Role.REGION, Role.ADMIN))]
Accountable = Annotated[Caller, Depends(needs(Role.PROVIDER, Role.INSPECTORATE, Role.ADMIN))]
"""Providers for what they have to account for, and those to whom."""

Registrar = Annotated[Caller, Depends(needs(Role.REGION, Role.ADMIN))]
Referrer = Annotated[Caller, Depends(needs(Role.GI, Role.LOCAL_TEAM))]
"""Those who keep requests and refer by them."""

Matcher = Annotated[Caller, Depends(needs(*REFERRING))]
Region = Annotated[Caller, Depends(needs(Role.REGION))]
Provider = Annotated[Caller, Depends(needs(Role.PROVIDER))]
PartyToReferrals = Annotated[Caller, Depends(needs(Role.PROVIDER, Role.GI, Role.LOCAL_TEAM))]
"""Institutions and local teams for those that they send, and providers for those to their offers."""

PartyToCalls = PartyToReferrals
"""Institutions and local teams for those that they publish, and providers for those that are put to them."""

PartyToArrangements = Annotated[Caller, Depends(needs(Role.PROVIDER, Role.GI, Role.LOCAL_TEAM, Role.REGION))]
"""Institutions and local teams for what they ask, regions and providers for what is put to them."""

Observer = Annotated[Caller, Depends(needs(Role.GI, Role.LOCAL_TEAM, Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE))]
"""Institutions and local teams for what they deliver, and those who see who did."""

PartyToRequests = Annotated[Caller, Depends(_party_to_requests)]
"""Institutions and local teams for their own requests, and expert teams for those of their region."""

PartyToSteps = Annotated[Caller, Depends(_party_to_steps)]
"""Whoever a step of the ladder is of: local teams, expert teams, supraregions and the national table."""

PartyToEscalations = Annotated[Caller, Depends(_party_to_escalations)]
"""Institutions and local teams for their own requests, and those whom a step of the ladder is of."""

Table = Annotated[Caller, Depends(_table)]
"""Those at whose table many children and few places lie: expert teams, and supraregions as the network above them."""

Planner = Annotated[Caller, Depends(needs(Role.REGION, Role.SUPRAREGION))]
"""Those who have a plan."""

PartyToMail = Annotated[
    Caller,
    Depends(needs(Role.PROVIDER, Role.GI, Role.LOCAL_TEAM, Role.REGION, Role.SUPRAREGION, Role.NATIONAL)),
]
"""Whoever something happens to that is told by mail."""

Learner = Annotated[Caller, Depends(needs(Role.GI, Role.LOCAL_TEAM, Role.REGION, Role.SUPRAREGION, Role.NATIONAL))]
"""Whoever looks for help, or is asked when a search is stuck."""

Overseer = Annotated[
    Caller,
    Depends(needs(Role.GI, Role.LOCAL_TEAM, Role.REGION, Role.SUPRAREGION, Role.NATIONAL, Role.INSPECTORATE)),
]
"""Whoever looks at figures of children, and at plans: institutions at those of their own, regions and those above at
theirs."""

OverseerOrProvider = Annotated[
    Caller,
    Depends(
        needs(
            *(Role.PROVIDER, Role.GI, Role.LOCAL_TEAM, Role.REGION, Role.SUPRAREGION, Role.NATIONAL),
            Role.INSPECTORATE,
        )
    ),
]
"""Whoever looks at figures of help: providers at those of their own."""

PartyToCorrections = Annotated[Caller, Depends(_party_to_corrections)]
"""Both sides of a referral for their own decisions, and the expert team of the child's region."""
