"""Withdrawing a contract that was registered in error: only where no child's referral rests on it.

It stands among the dossiers, because what supply keeps knows nothing of them.
"""

from datetime import datetime
from uuid import UUID

from app.domain.dates import dutch_day
from app.dossiers.contract_withdrawal import repository
from app.dossiers.contract_withdrawal.errors import ReferralsRestOnContractError
from app.kit.database.sessions import WriteSession
from app.kit.security.callers import Caller
from app.supply.contracts import service as contracts


async def withdraw_contract(
    session: WriteSession, caller: Caller, contract_id: UUID, why: str, if_match: str | None, now: datetime
) -> None:
    """Withdraws a contract of the caller's to write; doing it again changes nothing.

    `ReferralsRestOnContractError` where a referral that is open or whose help runs has no other contract. A referral
    that is being sent is waited for, and one that is sent meanwhile comes after it.
    """
    row = await contracts.hold_for_withdrawal(session, caller, contract_id, if_match)
    if row.withdrawn_at is not None:
        return
    resting = await repository.count_resting(session, row, dutch_day(now))
    if resting:
        raise ReferralsRestOnContractError(resting)
    await contracts.withdraw(session, caller, row, why, now)
