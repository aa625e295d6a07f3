"""What can go wrong with webhooks."""

from app.domain.language import Text
from app.kit.errors import ConflictError, UnavailableError


class TooManyWebhooksError(ConflictError):
    """The organisation has as many webhooks as it may have."""

    slug = "too-many-webhooks"
    title = Text(nl="Te veel webhooks", en="Too many webhooks")

    def __init__(self, most: int) -> None:
        super().__init__(
            Text(
                nl=f"Een organisatie heeft er hoogstens {most}; verwijder er eerst een.",
                en=f"An organisation has {most} at most; delete one first.",
            )
        )


class WebhookKeyMissingError(UnavailableError):
    """The service has no key to seal secrets with."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Deze installatie heeft geen sleutel voor webhooks (WEBHOOK_KEYS); vraag de beheerder.",
                en="This installation has no key for webhooks (WEBHOOK_KEYS); ask who runs it.",
            )
        )
