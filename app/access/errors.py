"""What can go wrong when a client asks for a token (RFC 6749, section 5.2), as problems with its `error` beside."""

from app.domain.language import Text
from app.kit.errors import ApiError, UnauthenticatedError


class GrantError(ApiError):
    """A grant that this service does not give; `error` is invalid_request where none is named."""

    slug = "unsupported-grant-type"
    title = Text(nl="Soort aanvraag niet ondersteund", en="Unsupported grant type")
    status = 400

    def __init__(self, grant_type: str | None) -> None:
        super().__init__(
            Text(nl="Stuur grant_type=client_credentials.", en="Send grant_type=client_credentials."),
            error="unsupported_grant_type" if grant_type else "invalid_request",
        )


class TwiceAuthenticatedError(ApiError):
    """The client identifies itself in more than one way, or says something more than once (RFC 6749, 2.3 and 3.2)."""

    slug = "ambiguous-request"
    title = Text(nl="Dubbele aanmelding", en="Ambiguous request")
    status = 400

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Noem de client op een manier (Authorization: Basic, of client_id en client_secret in het "
                "formulier), en elk veld een keer.",
                en="Identify the client in one way (Authorization: Basic, or client_id and client_secret in the "
                "form), and send each field once.",
            ),
            error="invalid_request",
        )


class InvalidClientError(UnauthenticatedError):
    """No such client, or not its secret: the two look the same."""

    slug = "invalid-client"
    title = Text(nl="Client onbekend", en="Invalid client")

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="client_id of client_secret klopt niet, of de client is ingetrokken.",
                en="client_id or client_secret is wrong, or the client is revoked.",
            ),
            headers={"WWW-Authenticate": 'Basic realm="beschikbaarheidswijzer"'},
            error="invalid_client",
        )


class FormNeededError(ApiError):
    """A token is asked for with a form (RFC 6749, section 4.4.2), not with JSON."""

    slug = "unsupported-media-type"
    title = Text(nl="Mediatype niet ondersteund", en="Unsupported media type")
    status = 415

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Stuur de inhoud als application/x-www-form-urlencoded (Content-Type).",
                en="Send the body as application/x-www-form-urlencoded (Content-Type).",
            )
        )
