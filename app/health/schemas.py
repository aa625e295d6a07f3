"""Health as it goes over the wire."""

from typing import Literal

from app.kit.schemas import Schema, described


class Health(Schema):
    """The service is there."""

    status: Literal["ok"] = described("Always ok; anything else is a problem.", "ok")
    version: str = described("Version of the product.", "1.0.0")
