"""What the issuer sends along when it leads somebody back."""

from pydantic import BaseModel, Field


class IssuerAnswer(BaseModel):
    """A code, or the code of an error (RFC 6749, 4.1.2), and who answers (RFC 9207); issuers send more than this."""

    state: str = Field(default="", max_length=1000)
    code: str = Field(default="", max_length=8000)
    error: str = Field(default="", max_length=1000)
    iss: str | None = Field(default=None, max_length=1000)
