"""What can go wrong when a client asks for a token (RFC 6749, section 5.2), as problems with its `error` beside."""

from app.domain.language import Text
from app.kit.errors import UnauthenticatedError


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
