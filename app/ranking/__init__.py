"""The pure core of the matching: a request, the offers and today's date go in, an outcome comes out.

The ranking is lexicographic: factors compared one after another, with no hidden weights, so that every
place in the list can be explained. It advises; the jeugdbeschermer decides (Jeugdwet art. 3.5).

`rules` says what keeps an offer out and `order` which goes before another, both of what stands in `facts`. Read these
beside the description of the matching; `rank` is where it begins.
"""

from typing import Final

from app.ranking.compiled import use_compiled

WHY_INTERPRETED: Final = use_compiled(__name__, __path__)
"""Why the rules run as Python, which gives the same answers in more time; None where they run compiled."""
