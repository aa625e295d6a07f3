"""How large a body may be."""

import re
from dataclasses import dataclass

from starlette.types import Scope


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How many bytes a request's body may have: at the paths of `bulk` as many as that, at all others `default`."""

    default: int
    most: int
    bulk: re.Pattern[str]

    def of(self, scope: Scope) -> int:
        return self.most if self.bulk.fullmatch(scope["path"]) else self.default
