"""What the form of the agreements says."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pydantic import ConfigDict, Field

from app.dossiers.agreements.schemas import AgreementsOut
from app.kit.schemas import Schema
from app.web.shell.forms import whole


class Term(NamedTuple):
    """A number in the form: its name in the API and in Python, and its label."""

    name: str
    field: str
    label: str


TERMS: Final[Mapping[str, Term]] = {
    "lokaalteam": Term(
        "contactLocalTeamDays",
        "contact_local_team_days",
        "Dagen na de hulpvraag tot contact met het lokale team (leeg: geen afspraak)",
    ),
    "expertteam": Term(
        "expertTeamDays",
        "expert_team_days",
        "Dagen na het begin van de maatregel tot het expertteam (leeg: geen afspraak)",
    ),
    "machtiging": Term(
        "authorisationWarningDays",
        "authorisation_warning_days",
        "Dagen vooraf dat een machtiging gesloten jeugdhulp wordt gemeld",
    ),
    "vervolgplek": Term(
        "nextPlaceDays", "next_place_days", "Dagen vóór het eind van gesloten jeugdhulp dat de vervolgplek bekend is"
    ),
    "aanmelding": Term("referralAnswerDays", "referral_answer_days", "Werkdagen voor antwoord op een aanmelding"),
    "spoed": Term("urgentAnswerDays", "urgent_answer_days", "Werkdagen voor antwoord op een spoedaanmelding"),
    "crisis": Term("crisisAnswerHours", "crisis_answer_hours", "Uren voor antwoord bij crisis"),
    "regeling": Term(
        "arrangementAnswerDays", "arrangement_answer_days", "Werkdagen voor antwoord op een gevraagde regeling"
    ),
}
"""By the field of the form."""


class AgreementsForm(Schema):
    """The fields of the form; `zonder` says that the first two hold without a measure too."""

    model_config = ConfigDict(extra="ignore")

    lokaalteam: str = Field(default="", max_length=20)
    expertteam: str = Field(default="", max_length=20)
    machtiging: str = Field(default="", max_length=20)
    vervolgplek: str = Field(default="", max_length=20)
    aanmelding: str = Field(default="", max_length=20)
    spoed: str = Field(default="", max_length=20)
    crisis: str = Field(default="", max_length=20)
    regeling: str = Field(default="", max_length=20)
    zonder: str = Field(default="", max_length=5)
    trede: list[str] = Field(default=[], max_length=10)
    bovenregio: str = Field(default="", max_length=50)
    versie: str = Field(default="", max_length=20)

    @classmethod
    def of(cls, agreed: AgreementsOut, version: int, supraregion: str | None) -> "AgreementsForm":
        """The form as it stands for a region; `supraregion` is the one that it chose, if any."""
        return cls(
            **{name: _written(getattr(agreed, term.field)) for name, term in TERMS.items()},
            zonder="ja" if agreed.also_without_measure else "",
            trede=list(agreed.escalation_ladder),
            bovenregio=supraregion or "",
            versie=str(version),
        )

    def sent(self) -> dict[str, Any]:
        """The values by the names of the API."""
        return {
            **{term.name: whole(getattr(self, name)) for name, term in TERMS.items()},
            "alsoWithoutMeasure": bool(self.zonder),
            "escalationLadder": self.trede,
            "supraregion": self.bovenregio or None,
        }


def _written(value: int | None) -> str:
    return "" if value is None else str(value)
