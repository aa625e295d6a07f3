"""The terms that hold where a region has agreed nothing else."""

from typing import Final

ANSWER_DAYS: Final = 5
"""Working days in which a provider answers a referral."""
URGENT_ANSWER_DAYS: Final = 2
"""As many of an urgent one."""
CRISIS_ANSWER_HOURS: Final = 24
"""Hours, of a crisis: nights and weekends count."""
AUTHORISATION_WARNING_DAYS: Final = 28
"""Days before its end in which a court authorisation of secure care is warned of: time to ask to extend it."""
NEXT_PLACE_DAYS: Final = 42
"""Days before the end of secure care by which the next place is known."""
ARRANGEMENT_ANSWER_DAYS: Final = 5
"""Working days in which a region or a provider answers what is asked for an alternative."""
