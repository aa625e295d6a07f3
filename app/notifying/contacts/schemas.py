"""How organisations are reached, as it goes over the wire: desks and teams, never persons."""

from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field

from app.domain.language import Text
from app.kit.pages import PageQuery
from app.kit.schemas import Answer, FreeText, Key, Name, Schema, Unique, described, invalid
from app.notifying.contacts.opening_hours import EXAMPLE, OpenAt
from app.notifying.mails.schemas import Email
from app.reference.schemas import MunicipalityField

Phone = Annotated[FreeText, Field(min_length=1, max_length=200)]
_NAME: Final = "Aanmeldpunt jeugdbescherming Noord"
_TEAM: Final[dict[str, Any]] = {
    "key": "kop-noord",
    "name": "Team Kop Noord",
    "phone": "088 000 0125",
    "email": "kop-noord@example.org",
    "openingHours": [EXAMPLE],
}


class Reached(Schema):
    """How a desk or team is reached."""

    name: Name = described("What the desk or team is called; never the name of a person.", _NAME)
    phone: Phone | None = Field(default=None, description="Its telephone number.", examples=["088 000 0124"])
    email: Email | None = Field(default=None, description="Its e-mail address.", examples=["aanmeldpunt@example.org"])
    opening_hours: OpenAt = Field(
        default=[], description="When it can be reached; empty where that is not said.", examples=[[EXAMPLE]]
    )


class Team(Reached):
    """A team of an institution."""

    key: Key = described("The institution's own key of the team; requests and referrals name it.", "kop-noord")


def _each_key_once(teams: list[Team]) -> list[Team]:
    if len({each.key for each in teams}) < len(teams):
        raise invalid("repeated", Text(nl="Elke sleutel (key) staat er één keer in.", en="Each key stands in it once."))
    return teams


class ContactIn(Reached):
    """How an organisation is reached; what is left out is emptied."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": _NAME, "phone": "088 000 0124", "openingHours": [EXAMPLE], "teams": [_TEAM]}]
        }
    )

    teams: Annotated[list[Team], Field(max_length=500), AfterValidator(_each_key_once)] = Field(
        default=[], description="Of an institution: its teams.", examples=[[_TEAM]]
    )
    municipalities: Annotated[list[MunicipalityField], Unique] = Field(
        default=[], description="Of a local team: the municipalities that it works for.", examples=[["GM0400"]]
    )


class DeskContact(Answer):
    """How an organisation is reached."""

    name: str | None = described("What the desk or team is called; null until it is said.", _NAME)
    phone: str | None = described("Its telephone number.", "088 000 0124")
    email: str | None = described("Its e-mail address.", "aanmeldpunt@example.org")
    opening_hours: OpenAt = described("When it can be reached; empty where that is not said.", [EXAMPLE])


class OrganisationContact(DeskContact):
    """How an organisation is reached, with its teams."""

    teams: list[Team] = described("Of an institution: its teams.", [_TEAM])
    municipalities: list[MunicipalityField] = described("Of a local team: those that it works for.", ["GM0400"])


class SenderContact(DeskContact):
    """How whoever sent something is reached, as it is now: its team where one is named, else the organisation."""

    team: str | None = described("The key of the team; null where none is named, or it is there no more.", "kop-noord")


class LocalTeam(DeskContact):
    """A local team, to be found by the municipality."""

    organisation_id: UUID = described("The organisation.", "9c1c6d0a-7a55-5a0f-8f2b-1a4c0d9e7b33")
    municipalities: list[MunicipalityField] = described("The municipalities that it works for.", ["GM0400"])


class LocalTeamQuery(PageQuery):
    """The query keys of the local teams."""

    municipality: MunicipalityField | None = Field(
        default=None, description="Only those that work for this municipality."
    )
