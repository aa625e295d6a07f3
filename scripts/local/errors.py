"""What stops the demo from starting, said so that a person can do something about it."""


class StartError(RuntimeError):
    """Why it cannot go on, and what to do."""


def tail(text: str, lines: int = 20) -> str:
    """The last lines of a log, indented."""
    return "\n".join(f"  {line}" for line in text.splitlines()[-lines:])
