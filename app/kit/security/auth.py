"""Who calls: a token carries an organisation and its role, and an endpoint's signature says which role it needs."""

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from cachetools import TLRUCache
from fastapi import Depends, Request
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import OAuth2

from app.domain.language import Text
from app.kit.errors import ForbiddenError, UnauthenticatedError
from app.kit.http.rate_limit import RateLimit
from app.kit.security.tokens import Tokens


class Role(StrEnum):
    """What an organisation is here to do; the rights of each are in the README's table."""

    PROVIDER = "provider"
    GI = "gi"
    LOCAL_TEAM = "local-team"
    REGION = "region"
    SUPRAREGION = "supraregion"
    INSPECTORATE = "inspectorate"
    ADMIN = "admin"


class Right(StrEnum):
    """What a client may do beyond its role."""

    EXPERT_TEAM = "expert-team"
    """Of a region: it acts for the regional expert team (RET), which sees escalated requests in full."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The organisation behind a token, the one thing that it owns in its role, and rights beyond that."""

    client_id: str
    organisation_id: UUID
    role: Role
    provider_id: UUID | None = None
    region: str | None = None
    supraregion: str | None = None
    institution: str | None = None
    rights: frozenset[Right] = frozenset()


REMEMBERED_SECONDS = 60
"""Never past its own end, and not when its issuer's keys have been renewed."""
REMEMBERED_TOKENS = 10_000


def _unauthenticated(detail: Text, error: str | None = None) -> UnauthenticatedError:
    challenge = 'Bearer realm="beschikbaarheidswijzer"' + (f', error="{error}"' if error else "")
    return UnauthenticatedError(detail, headers={"WWW-Authenticate": challenge})


class Callers:
    """Who is behind a token; one that was found good is not looked at again for REMEMBERED_SECONDS."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._known: TLRUCache[tuple[str, int], tuple[Caller, float]] = TLRUCache(
            REMEMBERED_TOKENS,
            ttu=lambda _, known, now: min(known[1], now + REMEMBERED_SECONDS),
            timer=time.time,  # noqa: TID251 - as PyJWT holds the end of a token against it
        )

    async def get(self, authorization: str) -> Caller:
        """The caller of this Authorization header; `UnauthenticatedError` where its token is not valid."""
        known = self._known.get((authorization, self._tokens.renewals))
        if known is not None:
            return known[0]
        scheme, _, token = authorization.partition(" ")
        claims = await self._tokens.verify(token.strip()) if scheme.lower() == "bearer" else None
        if claims is None:
            detail = Text(
                nl="Het token is niet geldig of verlopen; haal een nieuw bij POST /v1/oauth/token.",
                en="The token is not valid or has expired; get a new one from POST /v1/oauth/token.",
            )
            raise _unauthenticated(detail, "invalid_token")
        caller = caller_of(claims)
        self._known[authorization, self._tokens.renewals] = caller, claims["exp"]
        return caller

    def seconds_left(self, authorization: str) -> float:
        """For how long the token of a header that was just looked at is valid; 0 where it has been forgotten."""
        _, ends_at = self._known.get((authorization, self._tokens.renewals), (None, 0.0))
        return max(0.0, ends_at - time.time())  # noqa: TID251 - as above


def caller_of(claims: dict[str, Any]) -> Caller:
    """The caller that a verified token describes; a token without these claims is not one of ours."""
    try:
        provider = claims.get("provider")
        caller = Caller(
            client_id=str(claims["sub"]),
            organisation_id=UUID(claims["organisation"]),
            role=Role(claims["role"]),
            provider_id=UUID(provider) if provider else None,
            region=_text(claims, "region"),
            supraregion=_text(claims, "supraregion"),
            institution=_text(claims, "institution"),
            rights=_rights(claims),
        )
        check_owns(caller)
        return caller  # noqa: TRY300 - all of it is what can fail
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        detail = Text(
            nl="Het token mist een claim (sub, organisation, role, of wat bij de rol hoort), of een ervan klopt niet.",
            en="The token lacks a claim (sub, organisation, role, or what its role owns), or one of them is wrong.",
        )
        raise _unauthenticated(detail, "invalid_token") from error


def check_owns(caller: Caller) -> None:
    """`ValueError` where a caller lacks what its role is the owner of."""
    owned = {Role.PROVIDER: "provider_id", Role.REGION: "region", Role.SUPRAREGION: "supraregion"}
    name = owned.get(caller.role)
    if name is not None and getattr(caller, name) is None:
        raise ValueError(f"the role {caller.role} takes a {name.removesuffix('_id')}")


def _text(claims: dict[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"the claim {name} is not text")
    return value


def _rights(claims: dict[str, Any]) -> frozenset[Right]:
    """The rights that are ours; an external issuer may have others."""
    given = claims.get("rights", [])
    if not isinstance(given, list):
        raise TypeError("the claim rights is not a list")
    return frozenset(right for right in Right if right.value in given)


def claims_of(caller: Caller) -> dict[str, Any]:
    """The claims that `caller_of` reads."""
    claims = {
        "sub": caller.client_id,
        "organisation": str(caller.organisation_id),
        "role": caller.role.value,
        "provider": str(caller.provider_id) if caller.provider_id else None,
        "region": caller.region,
        "supraregion": caller.supraregion,
        "institution": caller.institution,
        "rights": sorted(caller.rights) or None,
    }
    return {name: value for name, value in claims.items() if value is not None}


async def _find_caller(request: Request) -> Caller | None:
    """The caller of the request's token, who is counted; None where there is no token."""
    authorization = request.headers.get("authorization")
    if authorization is None:
        return None
    callers: Callers = request.app.state.callers
    caller = request.state.caller = await callers.get(authorization)
    limit: RateLimit = request.app.state.rate_limit
    limit.hit(caller.client_id)
    return caller


async def _get_caller(request: Request) -> Caller:
    caller = await _find_caller(request)
    if caller is None:
        raise _unauthenticated(
            Text(
                nl="Stuur een token mee: Authorization: Bearer …; haal het bij POST /v1/oauth/token.",
                en="Send a token: Authorization: Bearer …; get one from POST /v1/oauth/token.",
            )
        )
    return caller


def seconds_left(request: Request) -> float | None:
    """For how long the token of a request that was let through is valid; None where it has none."""
    callers: Callers = request.app.state.callers
    authorization = request.headers.get("authorization")
    return None if authorization is None else callers.seconds_left(authorization)


class _Scheme(OAuth2):
    """The security scheme, as FastAPI documents it. What is made of it looks at the token, all in one dependency."""

    def __init__(self) -> None:
        super().__init__(
            flows=OAuthFlows(clientCredentials=OAuthFlowClientCredentials(tokenUrl="oauth/token")),
            scheme_name="oauth2",
            description="Bearer token of POST /v1/oauth/token (client credentials), or of the trusted OpenID issuer.",
        )


class _Caller(_Scheme):
    async def __call__(self, request: Request) -> Caller:  # type: ignore[override]  # FastAPI passes on whatever it is
        return await _get_caller(request)


class _Reader(_Scheme):
    async def __call__(self, request: Request) -> Caller | None:  # type: ignore[override]  # as above
        if "authorization" in request.headers or not request.app.state.settings.public_access:
            return await _get_caller(request)
        limit: RateLimit = request.app.state.rate_limit
        limit.hit(f"address {request.client.host if request.client else 'unknown'}")
        return None


class needs(_Scheme):  # noqa: N801 - reads as what it says in a signature
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


async def _party_to_requests(
    caller: Annotated[Caller, Depends(needs(Role.GI, Role.LOCAL_TEAM, Role.REGION))],
) -> Caller:
    return await _expert_team(caller) if caller.role is Role.REGION else caller


async def _party_to_corrections(
    caller: Annotated[Caller, Depends(needs(Role.PROVIDER, Role.GI, Role.LOCAL_TEAM, Role.REGION))],
) -> Caller:
    return await _expert_team(caller) if caller.role is Role.REGION else caller


AnyCaller = Annotated[Caller, Depends(_Caller())]
"""Every professional role."""

AnyReader = Annotated[Caller | None, Depends(_Reader())]
"""Every professional role, and with the setting PUBLIC_ACCESS everybody (None)."""

Admin = Annotated[Caller, Depends(needs(Role.ADMIN))]
Owner = Annotated[Caller, Depends(needs(Role.PROVIDER, Role.ADMIN))]
Party = Annotated[Caller, Depends(needs(Role.PROVIDER, Role.REGION, Role.ADMIN))]
Accountable = Annotated[Caller, Depends(needs(Role.PROVIDER, Role.INSPECTORATE, Role.ADMIN))]
"""Providers for what they have to account for, and those to whom."""

Registrar = Annotated[Caller, Depends(needs(Role.REGION, Role.ADMIN))]
Referrer = Annotated[Caller, Depends(needs(Role.GI, Role.LOCAL_TEAM))]
Region = Annotated[Caller, Depends(needs(Role.REGION))]
Provider = Annotated[Caller, Depends(needs(Role.PROVIDER))]
PartyToReferrals = Annotated[Caller, Depends(needs(Role.PROVIDER, Role.GI, Role.LOCAL_TEAM))]
"""Institutions and local teams for those that they send, and providers for those to their offers."""

PartyToCalls = PartyToReferrals
"""Institutions and local teams for those that they publish, and providers for those that are put to them."""

ExpertTeam = Annotated[Caller, Depends(_expert_team)]
PartyToRequests = Annotated[Caller, Depends(_party_to_requests)]
"""Institutions and local teams for their own requests, and expert teams for those put before them."""

PartyToCorrections = Annotated[Caller, Depends(_party_to_corrections)]
"""Both sides of a referral for their own decisions, and the expert team of the child's region."""
