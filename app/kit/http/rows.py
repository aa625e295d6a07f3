"""Which rows a caller may read: the settings of its transaction, which the policies of private tables go by."""

from collections.abc import Mapping
from typing import Final

from app.kit.database.roles import CALLER
from app.kit.security.callers import Caller, Right

NOBODY: Final = {
    "role": CALLER,
    **dict.fromkeys(
        ("app.organisation", "app.role", "app.provider", "app.region", "app.expert_region", "app.supraregion"), ""
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
        "app.organisation": str(caller.organisation_id),
        "app.role": caller.role.value,
        "app.provider": str(caller.provider_id or ""),
        "app.region": caller.region or "",
        "app.expert_region": (caller.region or "") if is_expert_team else "",
        "app.supraregion": caller.supraregion or "",
    }
