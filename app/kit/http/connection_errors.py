"""What can be wrong with a request before an application gets to see it."""

from app.domain.language import Text
from app.kit.errors import ApiError


class MalformedRequestError(ApiError):
    """What came is no request of HTTP/1.1."""

    slug = "malformed-request"
    title = Text(nl="Geen HTTP-verzoek", en="No HTTP request")
    status = 400

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Dit is geen verzoek volgens HTTP/1.1 (RFC 9112); kijk de eerste regel, de kopregels en de lengte "
                "van de inhoud na.",
                en="This is no request of HTTP/1.1 (RFC 9112); look at the first line, the headers and the length of "
                "the body.",
            )
        )


class SlowRequestError(ApiError):
    """The request did not come in whole in time."""

    slug = "request-timeout"
    title = Text(nl="Verzoek te traag", en="Request timeout")
    status = 408

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Het verzoek kwam te traag binnen en is niet uitgevoerd. Stuur het opnieuw, over een andere "
                "verbinding.",
                en="The request came in too slowly, and was not carried out. Send it again, over another connection.",
            )
        )


class LongUrlError(ApiError):
    """The URL is longer than any that this service has."""

    slug = "uri-too-long"
    title = Text(nl="URL te lang", en="URI too long")
    status = 414

    def __init__(self, most: int) -> None:
        super().__init__(
            Text(
                nl=f"De URL is langer dan {most} bytes; vraag minder waarden tegelijk.",
                en=f"The URL is longer than {most} bytes; ask for fewer values at once.",
            )
        )


class LargeHeadError(ApiError):
    """The headers are too many, or too large together."""

    slug = "headers-too-large"
    title = Text(nl="Kopregels te groot", en="Request header fields too large")
    status = 431

    def __init__(self, most_bytes: int, most_headers: int) -> None:
        super().__init__(
            Text(
                nl=f"Een verzoek heeft ten hoogste {most_headers} kopregels, met de URL {most_bytes} bytes; laat weg "
                "wat niet nodig is, zoals oude cookies.",
                en=f"A request has at most {most_headers} headers, {most_bytes} bytes with its URL; leave out what is "
                "not needed, such as old cookies.",
            )
        )
