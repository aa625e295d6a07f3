"""The form of a referral: its fields as they are sent, and what they come to in the API."""

from collections.abc import Iterable
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from pydantic import ConfigDict, Field

from app.kit.schemas import Schema
from app.web.shell.forms import Errors

_Text = Annotated[str, Field(max_length=200)]
_FIELDS: Final = {
    "/standsFor": "keuze",
    "/offerId": "keuze",
    "/summary/urgency": "spoed",
    "/summary/wishedStart": "start",
    "/remark": "opmerking",
    "/team": "team",
    "/rankingId": "",
}


class ReferralForm(Schema):
    """The fields by their names in the page.

    `reden` has each reason for which the match leaves the offer out, `waarom` beside it why it is right all the same.
    `sleutel` is of the page that was shown: whatever is sent twice with it counts once.
    """

    model_config = ConfigDict(extra="ignore")

    aanbod: UUID
    keuze: _Text = "1"
    rangschikking: UUID | None = None
    reden: Annotated[list[_Text], Field(max_length=20)] = Field(default=[])
    waarom: Annotated[list[Annotated[str, Field(max_length=4000)]], Field(max_length=20)] = Field(default=[])
    spoed: _Text = "regular"
    start: _Text = ""
    opmerking: Annotated[str, Field(max_length=4000)] = ""
    team: _Text = ""
    sleutel: UUID = Field(default_factory=uuid4)

    @property
    def said(self) -> dict[str, str]:
        """Of each reason what is said of it, which may be nothing yet."""
        words = [*self.waarom, *[""] * len(self.reden)]
        return dict(zip(self.reden, words, strict=False))

    def asked(self) -> dict[str, Any]:
        """What is asked, by its names in the API."""
        return {
            "standsFor": int(self.keuze) if self.keuze in {"1", "2", "3"} else self.keuze,
            "offerId": str(self.aanbod),
            "rankingId": str(self.rangschikking) if self.rangschikking else None,
            "summary": {"urgency": self.spoed, "wishedStart": self.start or None},
            "remark": self.opmerking.strip() or None,
            "team": self.team or None,
            "despite": [{"reason": reason, "because": why} for reason, why in self.said.items() if why.strip()],
        }

    def needing(self, reasons: Iterable[str]) -> "ReferralForm":
        """The form with a field for each of these reasons, beside those that it has."""
        said = dict.fromkeys(reasons, "") | self.said
        return self.model_copy(update={"reden": list(said), "waarom": list(said.values())})

    def at_fields(self, errors: Errors) -> Errors:
        """Errors by the fields of the form, of errors by their place in what the API takes."""
        reasons = [reason for reason, why in self.said.items() if why.strip()]
        return {_field_of(pointer, reasons): text for pointer, text in errors.items()}


def _field_of(pointer: str, reasons: list[str]) -> str:
    """The field that a JSON pointer of the API is about; "" where it is about none."""
    steps = pointer.split("/")
    if steps[:2] == ["", "despite"] and len(steps) > 2:
        return f"waarom-{reasons[int(steps[2])]}"
    return _FIELDS.get(pointer, "")
