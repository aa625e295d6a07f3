"""Tokens of the many organisations that ask: signed with the demo key, as `POST /oauth/token` would."""

from datetime import timedelta
from typing import Final, Literal, TypeAlias
from uuid import UUID

from app.kit.clock import system_clock
from app.kit.security.callers import Caller, Role, claims_of
from app.kit.security.tokens import Tokens
from app.settings import Settings

REFERRERS: Final = 50
"""Clients that search and match in turn."""
_LIFETIME: Final = timedelta(hours=4)


Asker: TypeAlias = int | UUID | Literal["admin"]
"""The number of a referrer, the id of a provider, or an admin."""


class Askers:
    """Gives each asker a token, and the same one again when it asks again."""

    def __init__(self) -> None:
        self._tokens = Tokens(Settings(database_url="postgresql+asyncpg://", demo=True, signing_key=None))
        self._issued: dict[str, str] = {}

    def token(self, asker: Asker) -> str:
        """The token of an admin, a provider, or one of the `REFERRERS`."""
        if asker == "admin":
            return self._issue(Caller("benchmark-admin", UUID(int=0), Role.ADMIN))
        if isinstance(asker, UUID):
            return self._issue(Caller(f"benchmark-{asker}", asker, Role.PROVIDER, provider_id=asker))
        number = asker % REFERRERS
        return self._issue(Caller(f"benchmark-gi-{number}", UUID(int=number), Role.GI))

    def _issue(self, caller: Caller) -> str:
        if caller.client_id not in self._issued:
            self._issued[caller.client_id] = self._tokens.issue(claims_of(caller), system_clock(), _LIFETIME)
        return self._issued[caller.client_id]
