"""What the form of a proposal says."""

from typing import Any, Final

from pydantic import ConfigDict, Field

from app.dossiers.proposals.schemas import ProposalIn
from app.dossiers.proposals.states import Chosen, Places
from app.kit.schemas import Schema
from app.web.overview.areas import Option
from app.web.shell.forms import whole
from app.web.shell.words import METHODS

CHILDREN: Final[dict[Chosen, str]] = {
    "waiting": "alle kinderen die wachten",
    "over-norm": "kinderen over een norm",
    "listed": "gekozen kinderen",
}
PLACES: Final[dict[Places, str]] = {
    "soon": "plekken die nu of binnen de termijn vrij zijn",
    "free": "plekken die nu vrij zijn",
}
_ON_THE_PAGE: Final = ("waiting", "over-norm")
"""A list of requests comes from a system of the region, by the API."""
CHILDREN_OPTIONS: Final = [Option(code, CHILDREN[code]) for code in _ON_THE_PAGE]
PLACES_OPTIONS: Final = [Option(code, name) for code, name in PLACES.items()]
METHOD_OPTIONS: Final = [Option(code, name) for code, name in METHODS.items()]


class ProposalForm(Schema):
    """The fields of the form."""

    model_config = ConfigDict(extra="ignore")

    kinderen: str = Field(default="waiting", max_length=20)
    plekken: str = Field(default="soon", max_length=20)
    termijn: str = Field(default="", max_length=10)
    methode: str = Field(default="stable", max_length=20)

    @classmethod
    def empty(cls) -> "ProposalForm":
        """The form as it begins."""
        return cls(termijn=str(ProposalIn().horizon_days))

    def sent(self) -> dict[str, Any]:
        """What is filled in, by the names of the API."""
        return {
            "children": self.kinderen,
            "places": self.plekken,
            "horizonDays": whole(self.termijn),
            "method": self.methode,
        }
