"""The events of free places, for the OpenAPI document."""

from typing import Annotated, Any, Final

from fastapi import Header
from pydantic import Field

LastEventId = Annotated[
    Annotated[str, Field(max_length=1000)] | None,
    Header(
        alias="Last-Event-ID",
        description="The `id` of the last event that the reader has had, of whichever worker.",
        examples=["MjAyNi0xMS0yMiA3NDE6NzQxOg"],
    ),
]

_EXAMPLE: Final = (
    "retry: 3204\nid: MjAyNi0xMS0yMiA3NDE6NzQxOg\n\n"
    'event: availability.changed\nid: MjAyNi0xMS0yMiA3NDI6NzQyOg\ndata: {"offer":{"id":"…"},"provider":{}}\n\n'
    'event: availability.gone\ndata: {"offerId":"0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"}\n\n: heartbeat\n\n'
)

EVENTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The stream.",
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "string",
                    "description": "Events (WHATWG HTML, server-sent events), each with JSON as its data.",
                    "examples": [_EXAMPLE],
                }
            }
        },
    }
}
