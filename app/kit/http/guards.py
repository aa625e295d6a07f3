"""Who calls is looked at before a body is read: 16 MB of somebody without a token cost no memory and no reading.

FastAPI reads and parses the body before it asks any dependency. Those that are marked here are asked first; when
FastAPI asks them again they answer from what they noted with the request.
"""

from collections.abc import Callable, Coroutine
from inspect import isawaitable
from typing import Any, Final, TypeVar

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant

_MARK: Final = "is_before_body"
_SAFE: Final = {"GET", "HEAD", "OPTIONS"}

Guard = TypeVar("Guard", bound=Callable[..., Any])


def before_body(guard: Guard) -> Guard:
    """Marks a dependency, or a class of them, that needs the head of a request alone: its rights and its rate."""
    setattr(guard, _MARK, True)
    return guard


def guarded(
    methods: set[str] | None, dependant: Dependant, handle: Callable[[Request], Coroutine[Any, Any, Response]]
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """`handle`, with the guards of its signature asked first where the methods bring a body."""
    guards = [] if _SAFE.issuperset(methods or ()) else guards_of(dependant)
    if not guards:
        return handle

    async def ask_first(request: Request) -> Response:
        for guard in guards:
            await ask(guard, request)
        return await handle(request)

    return ask_first


def guards_of(dependant: Dependant) -> list[Dependant]:
    """The outermost guards in a signature, in its order."""
    found: list[Dependant] = []
    for each in dependant.dependencies:
        found += [each] if _is_guard(each) else guards_of(each)
    return found


def _is_guard(dependant: Dependant) -> bool:
    """Whether it is marked, or made of nothing but guards: an expert team is a caller that is a region, and more."""
    if getattr(dependant.call, _MARK, False):
        return True
    takes = (dependant.path_params, dependant.query_params, dependant.header_params, dependant.body_params)
    return bool(dependant.dependencies) and not any(takes) and all(map(_is_guard, dependant.dependencies))


async def ask(guard: Dependant, request: Request) -> Any:
    """What a guard answers to a request; raises what it refuses with."""
    values = {each.name: await ask(each, request) for each in guard.dependencies} if guard.dependencies else {}
    if guard.request_param_name:
        values[guard.request_param_name] = request
    call: Any = guard.call
    answer = call(**{name: value for name, value in values.items() if name})
    return await answer if isawaitable(answer) else answer
