"""Signing in that has begun: what its browser keeps, sealed, until the issuer sends it back."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from app.kit.security.tokens import Tokens

LIFETIME: Final = timedelta(minutes=10)
"""For signing in at the issuer, a second factor included."""

_AUDIENCE: Final = "sign-in attempt"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What shows that an answer of the issuer is one to this browser's own question, and `to`: the page to go to."""

    state: str
    nonce: str
    code_verifier: str
    to: str

    def is_of(self, state: str) -> bool:
        """Whether an answer with this state is one to it."""
        return secrets.compare_digest(self.state.encode(), state.encode())


def seal(attempt: Attempt, tokens: Tokens, now: datetime) -> str:
    """The attempt as a text that nobody but us can make or change, good for LIFETIME."""
    return tokens.issue(asdict(attempt), now, LIFETIME, audience=_AUDIENCE)


def unseal(sealed: str, tokens: Tokens, now: datetime) -> Attempt | None:
    """The attempt that was sealed; None where it is not ours, or has expired."""
    claims = tokens.read(sealed, now, _AUDIENCE)
    return Attempt(**{name: claims[name] for name in Attempt.__dataclass_fields__}) if claims else None
