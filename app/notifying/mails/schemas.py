"""Where mail goes, as it is given over the wire."""

from typing import Annotated

from pydantic import AfterValidator, Field

from app.domain.language import Text
from app.kit.schemas import NoBsn, invalid
from app.settings import MAIL_ADDRESS


def _email(text: str) -> str:
    if not MAIL_ADDRESS.fullmatch(text):
        raise invalid("email", Text(nl="Hier kan geen mail heen.", en="No mail can go to this address."))
    return text


Email = Annotated[str, Field(max_length=254), NoBsn, AfterValidator(_email)]
