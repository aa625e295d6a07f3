"""What organisations want to be told by mail, as it goes over the wire."""

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from app.kit.schemas import Answer, Schema, Unique, described

Kind = Literal["referral", "answer", "call", "notice", "delivery"]
Address = Literal["desk", "team"]

_EXAMPLE: Final[dict[str, Any]] = {"kind": "answer", "address": "team"}
_MAILS: Final = "Of what a mail goes, and where; empty: no mail."


class MailSetting(Schema):
    """A kind of happening that is told by mail, one mail each time."""

    kind: Kind = described(
        "referral: a new one (a provider); call: a new one (a provider); answer: to a referral or a call (who sent "
        "it); notice: whatever else was not one's own doing, of referrals, arrangements, transfers and steps of the "
        "ladder; delivery: last month's waiting children were not delivered (an institution).",
        "answer",
    )
    address: Address = Field(
        default="desk",
        description="desk: the address of the own contact; team: that of the team that the child is of (an "
        "institution), the desk's where there is none.",
        examples=["desk"],
    )


class NotificationSettingsIn(Schema):
    """What an organisation wants to be told by mail."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"mails": [_EXAMPLE]}]})

    mails: Annotated[list[MailSetting], Unique] = described(_MAILS, [_EXAMPLE])


class NotificationSettingsOut(Answer):
    """What an organisation wants to be told by mail; webhooks are kept apart (GET /webhooks)."""

    mails: list[MailSetting] = described(_MAILS, [_EXAMPLE])
