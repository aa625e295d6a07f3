"""Secrets are hashed beside the event loop, few at a time, and a queue of them has an end."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from app.kit.errors import OverloadedError

Answer = TypeVar("Answer")

_AT_ONCE: Final = max(1, min(4, (os.cpu_count() or 1) - 1))
"""Each takes a processor and 19 MiB for some 30 ms."""
_WAITING: Final = 50
"""With that many before it a request would wait for over a second."""
_POOL: Final = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="hashing")
_running = 0


async def hashed(make: Callable[..., Answer], *arguments: object) -> Answer:
    """What `make` makes of the arguments in a thread; `OverloadedError` where too many wait already."""
    global _running  # noqa: PLW0603 - the pool is one for the process, and so is its queue
    if _running >= _WAITING:
        raise OverloadedError
    _running += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_POOL, make, *arguments)
    finally:
        _running -= 1
