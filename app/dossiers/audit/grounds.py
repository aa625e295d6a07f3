"""On what ground somebody came by a dossier: what lets them in, besides their role."""

from typing import Literal

Ground = Literal["own", "shared", "addressed", "asked", "transfer", "service"]
"""The institution's own; shared with a local team; put to a provider (a referral, a call, an arrangement); put to the
party of a step of the ladder, or to the region; handed over, or offered, to another institution; the service itself."""
