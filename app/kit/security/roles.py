"""The roles that an organisation can have, and the rights that a client can have beyond the role of its own."""

from enum import StrEnum


class Role(StrEnum):
    """What an organisation is here to do; what each sees and does is in the table of docs/rights.md."""

    PROVIDER = "provider"
    GI = "gi"
    LOCAL_TEAM = "local-team"
    REGION = "region"
    SUPRAREGION = "supraregion"
    INSPECTORATE = "inspectorate"
    ADMIN = "admin"


class Right(StrEnum):
    """What a client may do beyond its role."""

    EXPERT_TEAM = "expert-team"
    """Of a region: it acts for the regional expert team (RET), which sees escalated requests in full."""
