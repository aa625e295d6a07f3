"""Tokens, the caller itself, organisations and clients as they go over the wire."""

import re
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, model_validator

from app.domain.language import Text
from app.kit.pages import PageQuery
from app.kit.schemas import (
    Answer,
    Moment,
    Name,
    NoBsn,
    NotNull,
    Schema,
    Unique,
    described,
    invalid,
)
from app.kit.security.callers import Right, Role
from app.notifying.contacts.schemas import OrganisationContact
from app.reference.lists import reference
from app.reference.schemas import RegionField

ClientName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{2,62}$"), NoBsn]
_PROVIDER = "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"


class TokenRequest(Schema):
    """A request for a token (RFC 6749, section 4.4); the client may identify itself by HTTP Basic instead."""

    model_config = ConfigDict(alias_generator=None, extra="ignore", json_schema_extra={"required": ["grant_type"]})

    grant_type: Annotated[str | None, NotNull] = Field(  # its absence is answered as RFC 6749 asks (5.2)
        default=None, description="Always client_credentials.", examples=["client_credentials"]
    )
    client_id: Annotated[Annotated[str, Field(max_length=100)] | None, NotNull] = Field(
        default=None, description="The client.", examples=["demo-gi"]
    )
    client_secret: Annotated[Annotated[SecretStr, Field(max_length=200)] | None, NotNull] = Field(
        default=None, description="Its secret.", examples=["demo"]
    )


class TokenOut(Answer):
    """A token (RFC 6749, section 5.1)."""

    model_config = ConfigDict(alias_generator=None)

    access_token: str = described("The token, for `Authorization: Bearer`.", "eyJhbGciOiJFUzI1NiJ9.e30.c2ln")
    token_type: Literal["Bearer"] = described("Always Bearer.", "Bearer")
    expires_in: int = described("Seconds that it is valid.", 900)


class Subject(Schema):
    """What an organisation is the owner of, in its role."""

    provider_id: UUID | None = Field(default=None, description="Of a provider: the provider.", examples=[_PROVIDER])
    region: RegionField | None = Field(default=None, description="Of a region: the jeugdregio.")
    supraregion: Annotated[str, Field(max_length=60)] | None = Field(
        default=None, description="Of a supraregion: its code.", examples=["noord-holland"]
    )
    institution: Name | None = Field(
        default=None, description="Of a GI or local team: its name.", examples=["De Jeugd- en Gezinsbeschermers"]
    )


class Me(Subject):
    """The caller."""

    client_id: str = described("The client that asks.", "demo-gi")
    organisation_id: UUID = described("Its organisation.", "9c1c6d0a-7a55-5a0f-8f2b-1a4c0d9e7b33")
    organisation: str | None = Field(
        default=None, description="The organisation's name, where it is registered here.", examples=["Demo GI"]
    )
    role: Role = Field(description="What the organisation is here to do.", examples=["gi"])
    rights: list[Right] | None = Field(
        default=None,
        description="What the client may do beyond that, where it is anything.",
        examples=[["expert-team"]],
    )
    contact: OrganisationContact | None = Field(
        default=None,
        description="How it is reached, where it has said so; of a provider how its intake desk is.",
        examples=[
            {
                "name": "Aanmeldpunt",
                "phone": "088 000 0124",
                "email": "aanmeldpunt@example.org",
                "openingHours": [],
                "teams": [],
                "municipalities": [],
            }
        ],
    )


_OWNED = {"provider": "provider_id", "region": "region", "supraregion": "supraregion"}


class OrganisationIn(Subject):
    """An organisation to register."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "De Jeugd- en Gezinsbeschermers", "role": "gi"}]}
    )

    name: Name = described("Its name.", "De Jeugd- en Gezinsbeschermers")
    role: Role = Field(description="What it is here to do.", examples=["gi"])

    @model_validator(mode="after")
    def _owns_what_its_role_needs(self) -> Self:
        for role, field in _OWNED.items():
            if (self.role == role) != (getattr(self, field) is not None):
                name = "providerId" if field == "provider_id" else field
                raise invalid(
                    "role-mismatch",
                    Text(
                        nl=f"{name} hoort bij de rol {role}, en alleen daarbij.",
                        en=f"{name} goes with the role {role}, and only with that.",
                    ),
                )
        if self.institution is not None and self.role not in {Role.GI, Role.LOCAL_TEAM}:
            text = Text(nl="institution hoort bij gi of local-team.", en="institution goes with gi or local-team.")
            raise invalid("role-mismatch", text)
        if self.supraregion is not None and self.supraregion not in reference().supraregions:
            text = Text(nl="Deze bovenregio bestaat niet.", en="There is no such supraregion.")
            raise invalid("unknown-code", text)
        return self


class OrganisationPatch(Schema):
    """What changes of an organisation; its role does not."""

    name: Name = described("Its name.", "De Jeugd- en Gezinsbeschermers")


class OrganisationOut(Subject):
    """An organisation."""

    id: UUID = described("Our id.", "9c1c6d0a-7a55-5a0f-8f2b-1a4c0d9e7b33")
    name: str = described("Its name.", "De Jeugd- en Gezinsbeschermers")
    role: Role = Field(description="What it is here to do.", examples=["gi"])


class OrganisationQuery(PageQuery):
    """The query keys of the organisations."""

    role: Role | None = Field(default=None, description="Only those with this role.", examples=["gi"])


def _unreserved(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9._~-]*", secret.get_secret_value()):
        text = Text(
            nl="Alleen letters, cijfers en . _ ~ -, zodat het in een formulier en in Basic hetzelfde is.",
            en="Letters, digits and . _ ~ - only, so that it is the same in a form and in Basic.",
        )
        raise invalid("pattern", text)
    return secret


class ClientIn(Schema):
    """A client's secret, made by the caller, who alone knows it: at least 32 random characters; and its rights."""

    secret: Annotated[SecretStr, Field(min_length=32, max_length=200), AfterValidator(_unreserved)] = described(
        "The secret; putting another replaces it.", "Vb7n0m5Y2qK8sR1tW4xZ6cD9fG3hJ0lP"
    )
    rights: Annotated[list[Right], Unique] = Field(
        default=[],
        description="What it may do beyond its role; expert-team only with the role region.",
        examples=[["expert-team"]],
    )


class ClientOut(Answer):
    """A machine client of an organisation; its secret is never shown."""

    id: ClientName = described("Its name, for `client_id`.", "duinen-epd")
    organisation_id: UUID = described("Its organisation.", "9c1c6d0a-7a55-5a0f-8f2b-1a4c0d9e7b33")
    rights: list[Right] = described("What it may do beyond its role.", [])
    created_at: Moment = Field(description="When it was made.", examples=["2026-11-22T09:00:00Z"])
    revoked_at: Moment | None = Field(
        description="When it was revoked; null while it is valid.", examples=["2026-11-22T09:00:00Z"]
    )
