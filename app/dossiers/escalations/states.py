"""What can come out of a step of the ladder."""

from typing import Literal

OutcomeKind = Literal["help", "explanation", "question"]
"""Regel het of leg uit: help was arranged, it was explained why not, or more has to be known first."""
