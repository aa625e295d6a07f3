"""Bodies of JSON, read by `kit.json_text`."""

from typing import Any

from fastapi import HTTPException, Request

from app.kit.errors import InvalidInputError
from app.kit.json_text import read_json


class JsonBodyError(HTTPException):
    """A body that `read_json` refuses; FastAPI lets no other kind of error out of the reading of a body."""

    def __init__(self, cause: InvalidInputError) -> None:
        super().__init__(cause.status)
        self.cause = cause


class JsonRequest(Request):
    """A request whose JSON is read by `read_json`, once."""

    async def json(self) -> Any:
        """The value of the body; `JsonBodyError` where it is refused."""
        if not hasattr(self, "_json"):
            try:
                self._json = read_json(await self.body())
            except InvalidInputError as error:
                raise JsonBodyError(error) from error
        return self._json
