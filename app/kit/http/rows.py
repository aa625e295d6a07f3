"""Which rows a caller may read or write: settings of its transaction, by which the policies of private tables go."""

from collections.abc import Mapping
from typing import Final

from app.kit.database.roles import CALLER, WRITER
from app.kit.security.callers import Caller, Right

NOBODY: Final = {
    "role": CALLER,
    **dict.fromkeys(
        (
            *("app.client", "app.organisation", "app.role", "app.provider", "app.region", "app.expert_region"),
            "app.supraregion",
        ),
        "",
    ),
}
"""Of whoever has no token: no row of a private table."""


def rows_of(caller: Caller | None) -> Mapping[str, str]:
    """The settings of a transaction that reads for this caller; for None those of nobody."""
    if caller is None:
        return NOBODY
    is_expert_team = Right.EXPERT_TEAM in caller.rights
    return {
        "role": CALLER,
        "app.client": caller.client_id,
        "app.organisation": str(caller.organisation_id),
        "app.role": caller.role.value,
        "app.provider": str(caller.provider_id or ""),
        "app.region": caller.region or "",
        "app.expert_region": (caller.region or "") if is_expert_team else "",
        "app.supraregion": caller.supraregion or "",
    }


def writes_of(caller: Caller | None) -> Mapping[str, str]:
    """The settings of a transaction that writes for this caller; for None those of nobody."""
    return {**rows_of(caller), "role": WRITER}
