"""The steps that a request can be put before, from the first to the last."""

from typing import Final, Literal, get_args

Step = Literal["local-team", "expert-team", "supraregional-network", "national"]
"""Lokaal team; regionaal expertteam (RET); bovenregionaal expertnetwerk (BEN, BREN); landelijk (OZJ)."""

STEPS: Final[tuple[Step, ...]] = get_args(Step)
