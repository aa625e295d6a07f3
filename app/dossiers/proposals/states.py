"""How far a proposal is, and what it can be asked for."""

from typing import Literal

Status = Literal["queued", "running", "done", "failed"]
Chosen = Literal["waiting", "over-norm", "listed"]
"""Whose children: see `schemas.ProposalIn`."""
Places = Literal["free", "soon"]
Failure = Literal["given-up", "no-solution"]
