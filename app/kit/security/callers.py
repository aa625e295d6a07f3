"""Who calls: the organisation behind a token, its role, and what it owns in that role."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.domain.language import Text
from app.kit.errors import UnauthenticatedError


class Role(StrEnum):
    """What an organisation is here to do; the rights of each: docs/rights.md."""

    PROVIDER = "provider"
    REFERRER = "referrer"
    GI = "gi"
    LOCAL_TEAM = "local-team"
    REGION = "region"
    SUPRAREGION = "supraregion"
    NATIONAL = "national"
    INSPECTORATE = "inspectorate"
    ADMIN = "admin"


REFERRING: Final = frozenset({Role.REFERRER, Role.GI, Role.LOCAL_TEAM})
"""Those who look for help for a child."""


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

    @property
    def own_provider(self) -> UUID:
        """The provider that a caller of that role is; `ValueError` for another, whom no endpoint lets through there."""
        if self.provider_id is None:
            raise ValueError(f"the role {self.role} owns no provider")
        return self.provider_id


def unauthenticated(detail: Text, error: str | None = None) -> UnauthenticatedError:
    """The error for a caller that is not known, with what it has to send (RFC 6750, 3)."""
    challenge = 'Bearer realm="beschikbaarheidswijzer"' + (f', error="{error}"' if error else "")
    return UnauthenticatedError(detail, headers={"WWW-Authenticate": challenge})


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
        raise unauthenticated(detail, "invalid_token") from error


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
