"""The steps that a request can be put before, from the first to the last."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from app.domain.language import Text

Step = Literal["local-team", "expert-team", "supraregional-network", "national"]
"""Lokaal team; regionaal expertteam (RET); bovenregionaal expertnetwerk (BEN, BREN); landelijk (OZJ)."""

STEPS: Final[tuple[Step, ...]] = get_args(Step)
STEP_NAMES: Final[Mapping[Step, Text]] = {
    "local-team": Text(nl="lokaal team", en="local team"),
    "expert-team": Text(nl="regionaal expertteam", en="regional expert team"),
    "supraregional-network": Text(nl="bovenregionaal netwerk", en="supraregional network"),
    "national": Text(nl="landelijke tafel", en="national table"),
}
