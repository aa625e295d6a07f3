"""For whom an external issuer may speak: TRUSTED_ISSUERS says it, and nothing that a token says adds to it."""

from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from app.kit.security.callers import Caller, Right, Role, check_owns, claims_of
from app.settings import Settings

ClaimName = Literal["organisation", "role", "provider", "region", "supraregion", "institution", "rights"]
_OWNED: Final[tuple[ClaimName, ...]] = ("provider", "region", "supraregion", "institution")
_LONGEST_SUBJECT: Final = 255
"""Of a `sub` (OpenID Connect Core, 2)."""


class IssuersError(ValueError):
    """TRUSTED_ISSUERS cannot be read, or lacks an issuer that another setting names."""


class NotSpokenForError(ValueError):
    """What an issuer says of somebody is not what TRUSTED_ISSUERS lets it say."""


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)


class SpokenFor(_Model):
    """One organisation in one role, with what it owns in that role and the rights that its people may have."""

    organisation: UUID
    role: Role
    provider: UUID | None = None
    region: str | None = None
    supraregion: str | None = None
    institution: str | None = None
    rights: frozenset[Right] = frozenset()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        check_owns(self.caller(""))
        return self

    def caller(self, client_id: str, rights: frozenset[Right] = frozenset()) -> Caller:
        """Somebody of this organisation, with these of its rights."""
        owned = (self.provider, self.region, self.supraregion, self.institution)
        return Caller(client_id, self.organisation, self.role, *owned, self.rights & rights)


class TrustedIssuer(_Model):
    """An issuer of OpenID Connect: the `aud` of its tokens for us and where its keys are, and whom it speaks for.

    A token of it that is valid for longer than `token_lifetime_seconds` is refused.
    `claims` has the names by which its tokens say what ours do, where these are not the same.
    """

    audience: str | None = None
    jwks_url: Annotated[str, Field(pattern=r"^https?://[^\s#]+$")] | None = None
    token_lifetime_seconds: Annotated[int, Field(ge=60, le=86_400)] = 3600
    claims: dict[ClaimName, str] = {}
    speaks_for: Annotated[tuple[SpokenFor, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.audience) != bool(self.jwks_url):
            raise ValueError("audience and jwksUrl go together: give both or none")
        named = [(each.organisation, each.role) for each in self.speaks_for]
        if len(set(named)) < len(named):
            raise ValueError("speaksFor has an organisation twice in one role")
        return self

    def name_of(self, claim: ClaimName) -> str:
        """What the issuer calls a claim of ours."""
        return self.claims.get(claim, claim)

    def claims_for(self, issuer: str, said: dict[str, Any]) -> dict[str, Any]:
        """What it says of somebody in the claims of our own tokens; else `NotSpokenForError`.

        `sub` is made the issuer's own, so that nobody elsewhere is the same client, whatever they are called there.
        """
        spoken = self._find(said)
        for claim in _OWNED:
            value = said.get(self.name_of(claim))
            if value is not None and str(value) != str(getattr(spoken, claim)):
                raise NotSpokenForError(claim)
        given = said.get(self.name_of("rights"), [])
        if not isinstance(given, list):
            raise NotSpokenForError("rights")
        rights = frozenset(right for right in Right if right.value in given)
        return claims_of(spoken.caller(_client_id(issuer, said.get("sub")), rights))

    def _find(self, said: dict[str, Any]) -> SpokenFor:
        role, organisation = said.get(self.name_of("role")), said.get(self.name_of("organisation"))
        if role is None:
            raise NotSpokenForError("role")
        for each in self.speaks_for:
            if each.role.value == role and str(each.organisation) == str(organisation).lower():
                return each
        raise NotSpokenForError("organisation")


def _client_id(issuer: str, subject: object) -> str:
    if not isinstance(subject, str) or not subject.isprintable() or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise NotSpokenForError("sub")
    return f"{issuer}#{subject}"


_ISSUERS: Final = TypeAdapter(dict[Annotated[str, Field(pattern=r"^[^\s#]+$")], TrustedIssuer])


def issuers_of(settings: Settings) -> dict[str, TrustedIssuer]:
    """The issuers that are trusted, by their `iss`; `IssuersError` where the setting is not right."""
    try:
        issuers = _ISSUERS.validate_json(settings.trusted_issuers or "{}")
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise IssuersError(f"TRUSTED_ISSUERS is not right: {wrong}") from error
    if not settings.demo and any((each.jwks_url or "https:").startswith("http:") for each in issuers.values()):
        raise IssuersError("TRUSTED_ISSUERS: a jwksUrl must start with https://")
    if settings.sign_in_issuer and settings.sign_in_issuer not in issuers:
        raise IssuersError("SIGN_IN_ISSUER is not in TRUSTED_ISSUERS, which says whom an issuer may speak for")
    return issuers
