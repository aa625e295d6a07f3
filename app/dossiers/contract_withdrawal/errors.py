"""What can keep a contract from being withdrawn."""

from app.domain.language import Text
from app.kit.errors import ConflictError


class ReferralsRestOnContractError(ConflictError):
    """Referrals that are open, or whose help runs, rest on this contract alone."""

    slug = "referrals-rest-on-contract"
    title = Text(nl="Er rusten aanmeldingen op dit contract", en="Referrals rest on this contract")

    def __init__(self, count: int) -> None:
        text = Text(
            nl="Op dit contract rusten {count} aanmelding(en) die open zijn of waarvan de hulp loopt; geen ander "
            "contract dekt ze. Registreer eerst het goede contract, of geef dit een laatste dag (validTo).",
            en="{count} referral(s) that are open, or whose help runs, rest on this contract; no other contract covers "
            "them. Register the right contract first, or give this one a last day (validTo).",
        )
        super().__init__(text.format(count=count), referrals=count)
