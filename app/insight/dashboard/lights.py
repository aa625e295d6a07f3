"""When a figure of the dashboard is green, amber or red. Pure.

The norms allow no child that is late, so one is amber, and one in ten is red; the other bounds are ours.
"""

from dataclasses import dataclass
from typing import Final, Literal

from app.domain.language import Text

Light = Literal["green", "amber", "red"]
TileName = Literal["late", "waiting", "firstChoice", "stale", "declined"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Up to which share a tile is green and amber; where `higher_is_better`, from which."""

    green: float
    amber: float
    higher_is_better: bool = False

    def light(self, share: float) -> Light:
        """The light of a share from 0 to 1; a bound itself is still of the better light."""
        sign = -1 if self.higher_is_better else 1
        if sign * share <= sign * self.green:
            return "green"
        return "amber" if sign * share <= sign * self.amber else "red"

    def in_words(self) -> Text:
        """The rule: "groen tot en met 10%, oranje tot en met 25%, daarboven rood"."""
        green, amber = (f"{round(each * 100)}%" for each in (self.green, self.amber))
        if self.higher_is_better:
            return Text(
                nl=f"Groen vanaf {green}, oranje vanaf {amber}, daaronder rood.",
                en=f"Green from {green}, amber from {amber}, red below.",
            )
        return Text(
            nl=f"Groen tot en met {green}, oranje tot en met {amber}, daarboven rood.",
            en=f"Green up to {green}, amber up to {amber}, red above.",
        )


BOUNDS: Final[dict[TileName, Bounds]] = {
    "late": Bounds(0, 0.1),
    "waiting": Bounds(0, 0.1),
    "firstChoice": Bounds(0.7, 0.5, higher_is_better=True),
    "stale": Bounds(0.1, 0.25),
    "declined": Bounds(0.2, 0.4),
}
