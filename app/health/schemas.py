"""Health as it goes over the wire."""

from typing import Literal

from app.kit.schemas import Schema, described


class Health(Schema):
    """The service is there."""

    status: Literal["ok"] = described("Always ok; anything else is a problem.", "ok")
    version: str = described("Version of the product.", "1.0.0")


class Readiness(Health):
    """The service can do its work."""

    rules: Literal["compiled", "interpreted"] = described(
        "How the rules of the ranking run: compiled, or as Python where that could not be done. The answers are the "
        "same; interpreted takes some milliseconds more for a match.",
        "compiled",
    )
