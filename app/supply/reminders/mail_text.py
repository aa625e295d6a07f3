"""What a reminder by mail says: one mail a provider, with its offers by how old their figures are."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from app.domain.dates import dutch_day
from app.domain.language import Text, date_in_words, same
from app.notifying.mails.mailer import in_one_line
from app.supply.reminders.repository import Stale
from app.supply.reminders.tables import REASONS, Reason

MOST: Final = 100
"""Offers that a mail names of each kind; of the others it says how many there are."""

_HEADINGS: Final[dict[Reason, Text]] = {
    "older-than-7-days": Text(
        nl="De cijfers van dit aanbod zijn ouder dan een week:",
        en="The figures of these offers are more than a week old:",
    ),
    "older-than-14-days": Text(
        nl="Tweede herinnering. De cijfers van dit aanbod zijn ouder dan twee weken; de jeugdregio's die het hebben "
        "gecontracteerd zien dat nu ook:",
        en="Second reminder. The figures of these offers are more than two weeks old; the regions that have contracted "
        "them now see that too:",
    ),
    "older-than-30-days": Text(
        nl="De cijfers van dit aanbod zijn ouder dan 30 dagen. De beschikbaarheid is daarom nu onbekend, en het aanbod "
        "komt lager in de rangschikking voor een kind:",
        en="The figures of these offers are more than 30 days old. Their availability is therefore unknown now, and "
        "they come lower in the ranking for a child:",
    ),
    "never-reported": Text(
        nl="Van dit aanbod zijn nog nooit cijfers gemeld; de beschikbaarheid is onbekend. Stuur de eerste:",
        en="Of these offers no figures were ever reported; their availability is unknown. Send the first:",
    ),
    "doubted-by-referrers": Text(
        nl="Een verwijzer die naar dit aanbod keek, betwijfelt of de cijfers kloppen:",
        en="A referrer who looked at this offer doubts that its figures are right:",
    ),
    "refused-for-want-of-room": Text(
        nl="U wees zojuist een kind af omdat er geen ruimte was. Zeggen de cijfers van dit aanbod dat ook?",
        en="You have just refused a child for want of room. Do the figures of this offer say so too?",
    ),
}
_SUBJECTS: Final[dict[bool, Text]] = {
    True: Text(nl="Meld uw beschikbaarheid: 1 aanbod", en="Report your availability: 1 offer"),
    False: Text(nl="Meld uw beschikbaarheid: {count} keer aanbod", en="Report your availability: {count} offers"),
}
_BODY: Final = Text(
    nl="""Aan {provider}

Verwijzers zoeken een plek voor een kind op grond van uw cijfers. Kloppen ze nog?

{sections}
Ongewijzigd? Eén aanroep per aanbod is genoeg, met het kenmerk dat erachter staat:

  POST {base}/v1/offers/<kenmerk>/capacity/confirmations

Gewijzigd? Stuur de nieuwe cijfers van één aanbod, of van alles tegelijk (ook als spreadsheet):

  PUT {base}/v1/offers/<kenmerk>/capacity
  POST {base}/v1/capacity-reports

Is het aanbod er niet meer, beëindig het dan:

  DELETE {base}/v1/offers/<kenmerk>

U krijgt deze herinnering één keer per stap: na 7, 14 en 30 dagen, na een weigering, en als een verwijzer de cijfers
betwijfelt. Dit bericht is automatisch verstuurd.
""",
    en="""To {provider}

Referrers look for a place for a child by your figures. Are they still right?

{sections}
Unchanged? One call an offer is enough, with the id that stands behind it:

  POST {base}/v1/offers/<id>/capacity/confirmations

Changed? Send the new figures of one offer, or of all at once (also as a spreadsheet):

  PUT {base}/v1/offers/<id>/capacity
  POST {base}/v1/capacity-reports

Where an offer is no longer given, end it:

  DELETE {base}/v1/offers/<id>

You get this reminder once for each step: after 7, 14 and 30 days, after a refusal, and when a referrer doubts
the figures. This message was sent automatically.
""",
)
_LINE: Final = Text(
    nl="  - {name}, gemeld op {day}: {offer}\n",
    en="  - {name}, reported on {day}: {offer}\n",
)
_LINE_NEVER: Final = Text(nl="  - {name}: {offer}\n", en="  - {name}: {offer}\n")
_MORE: Final = Text(nl="  - en nog {count}\n", en="  - and {count} more\n")


def subject(stale: Sequence[Stale]) -> Text:
    """The subject of the mail on these offers."""
    return _SUBJECTS[len(stale) == 1].format(count=len(stale))


def body(stale: Sequence[Stale], base: str) -> Text:
    """The mail on these offers, all of one provider; `base` is where the service is reached, or empty."""
    ordered = sorted(stale, key=lambda each: -REASONS.index(each.reason))
    sections = [_section(reason, list(group)) for reason, group in groupby(ordered, key=lambda each: each.reason)]
    joined = Text(nl="\n".join(each.nl for each in sections), en="\n".join(each.en for each in sections))
    return _BODY.format(provider=in_one_line(stale[0].provider_name), sections=joined, base=base.rstrip("/"))


def _section(reason: Reason, stale: list[Stale]) -> Text:
    lines = [_HEADINGS[reason], same("\n"), *(_line(each) for each in stale[:MOST])]
    if len(stale) > MOST:
        lines.append(_MORE.format(count=len(stale) - MOST))
    return Text(nl="".join(each.nl for each in lines), en="".join(each.en for each in lines))


def _line(stale: Stale) -> Text:
    name, offer = in_one_line(stale.offer_name), str(stale.offer_id)
    if not stale.was_reported:
        return _LINE_NEVER.format(name=name, offer=offer)
    return _LINE.format(name=name, offer=offer, day=_day(stale.since))


def _day(moment: datetime) -> Text:
    return date_in_words(dutch_day(moment))
