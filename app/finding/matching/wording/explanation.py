"""Why an offer stands where it stands: one sentence, built on the factor that decided it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from app.domain.language import Text, listed, same
from app.finding.matching.wording.factor_phrases import delay_in_words
from app.finding.matching.wording.phrases import counted, norm_in_words
from app.ranking.derived_dates import Norm
from app.ranking.model import ContractKind

ORDINALS: Final = (
    Text(nl="eerste", en="first"),
    Text(nl="tweede", en="second"),
    Text(nl="derde", en="third"),
)
CONTRACTS: Final[dict[ContractKind, Text]] = {
    "regional": Text(nl="een regionaal contract", en="a regional contract"),
    "supraregional": Text(nl="een bovenregionaal contract", en="a supraregional contract"),
    "national": Text(nl="een landelijk contract", en="a national contract"),
    "light": Text(nl="een licht contract", en="a light contract"),
}

CHOICES_SAID: Final = [Text(nl="is de {nth} keus", en="is the {nth} choice").format(nth=nth) for nth in ORDINALS]
CONTRACTS_SAID: Final[dict[ContractKind | None, Text]] = {
    None: Text(nl="heeft geen contract", en="has no contract"),
    **{kind: Text(nl="heeft {kind}", en="has {kind}").format(kind=kind_) for kind, kind_ in CONTRACTS.items()},
}
EQUAL: Final = Text(
    nl="Boven nr. %d: gelijk op alle punten; volgorde op nummer.",
    en="Above no. %d: equal on every point; in order of number.",
)
ABOVE: Final = Text(nl="Boven nr. %d: %s; nr. %d %s.", en="Above no. %d: %s; no. %d %s.")
ABOVE_BY_NORM: Final = Text(nl="Boven nr. %d: %s (%s); nr. %d %s.", en="Above no. %d: %s (%s); no. %d %s.")
"""Of the next offer its number, what is said of this one, the norm where lateness decided, and what is said of that."""


def last_in_list(choice: int, start: date | None, norm: Norm, *, alone: bool) -> Text:
    """Of the last offer in the list, which goes before no other, or of the only one."""
    front = (
        Text(nl="Enige in de lijst", en="The only one in the list")
        if alone
        else Text(nl="Laatste in de lijst", en="Last in the list")
    )
    return Text(nl="{front}: {nth} keus, {start} ({norm}).", en="{front}: {nth} choice, {start} ({norm}).").format(
        front=front, nth=ORDINALS[choice - 1], start=delay_in_words(start, norm), norm=norm_in_words(norm)
    )


def lacking_in_words(lacking: Sequence[str], labels: Mapping[str, Text]) -> Text:
    """Which wishes an offer lacks, by their codes in order; one that has no name in `labels` is named by its code."""
    if not lacking:
        return Text(nl="vervult alle wensen", en="meets every wish")
    return Text(nl="mist {count} ({names})", en="lacks {count} ({names})").format(
        count=counted(len(lacking), Text(nl="wens", en="wish"), Text(nl="wensen", en="wishes")),
        names=listed([labels.get(code, same(code)) for code in lacking]),
    )
