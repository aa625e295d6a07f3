"""What the form of a decision says."""

from typing import Any, Final
from uuid import UUID

from pydantic import ConfigDict, Field

from app.dossiers.escalations.schemas import EscalatedRequest
from app.dossiers.escalations.states import OutcomeKind
from app.kit.schemas import Schema
from app.web.overview.areas import Option

KINDS: Final[dict[OutcomeKind, str]] = {
    "help": "hulp is geregeld",
    "explanation": "uitleg waarom het niet lukt",
    "question": "vraag terug aan de instelling",
}
KIND_OPTIONS: Final = [Option(code, name) for code, name in KINDS.items()]


class DecisionForm(Schema):
    """The fields of the form; `stap` is the escalation that it is about, `terug` the list to go back to.

    `les` is what others may learn of it, whose search for this help (`leszorgvorm`) is stuck because of these
    characteristics (`leskenmerk`) or causes (`lesoorzaak`).
    """

    model_config = ConfigDict(extra="ignore")

    soort: str = Field(default="", max_length=20)
    uitkomst: str = Field(default="", max_length=3000)
    team: str = Field(default="", max_length=100)
    aanbieder: str = Field(default="", max_length=300)
    hulp: str = Field(default="", max_length=3000)
    les: str = Field(default="", max_length=3000)
    leszorgvorm: list[str] = Field(default=[], max_length=100)
    leskenmerk: list[str] = Field(default=[], max_length=100)
    lesoorzaak: list[str] = Field(default=[], max_length=100)
    stap: str = Field(default="", max_length=40)
    versie: str = Field(default="", max_length=20)
    terug: str = Field(default="", max_length=20)

    @classmethod
    def about(cls, asked: EscalatedRequest, **fields: str) -> "DecisionForm":
        """The form as it begins: a lesson would be of what is looked for, and of what is in the way."""
        return cls(
            leszorgvorm=[each.care_type for each in asked.choices],
            leskenmerk=asked.characteristics,
            lesoorzaak=[each.reason for each in asked.escalations[-1:]],
            **fields,
        )

    @property
    def step(self) -> UUID | None:
        """The escalation that is decided on; None where that is no id."""
        try:
            return UUID(self.stap)
        except ValueError:
            return None

    def sent(self) -> dict[str, Any]:
        """What is filled in, by the names of the API."""
        given: dict[str, Any] = {
            "takenBy": self.team.strip(),
            "outcome": self.uitkomst.strip(),
            "outcomeKind": self.soort,
            "offer": self._offer(),
            "lesson": self._lesson(),
        }
        return {name: value for name, value in given.items() if value}

    def _lesson(self) -> dict[str, Any] | None:
        said = {"careTypes": self.leszorgvorm, "characteristics": self.leskenmerk, "causes": self.lesoorzaak}
        return {**said, "text": self.les.strip()} if self.les.strip() else None

    def _offer(self) -> dict[str, str] | None:
        names = {"providerName": self.aanbieder.strip(), "description": self.hulp.strip()}
        return names if any(names.values()) else None
