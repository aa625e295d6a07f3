"""What a run was made on, and with."""

import os
import platform
import subprocess
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import app

_PACKAGES: Final = (
    "fastapi",
    "starlette",
    "pydantic",
    "uvicorn",
    "uvloop",
    "httptools",
    "sqlalchemy",
    "asyncpg",
    "orjson",
)
_QUIET: Final = 0.25
"""Runnable processes for each core at most, of what else runs."""
_ROOT: Final = Path(app.__file__).parent.parent


def warnings(cores: int, load: float) -> list[str]:
    """Why figures of this machine should not be quoted now; `load` is its load average before the run."""
    if load <= cores * _QUIET:
        return []
    return [f"The machine was busy before the run (load {load:.1f} on {cores} cores): do not quote these figures."]


def now_busy() -> list[str]:
    """The warnings of this moment."""
    return warnings(len(os.sched_getaffinity(0)), os.getloadavg()[0])


def describe(now: datetime) -> dict[str, str]:
    """The machine, the moment, the versions and the commit; by name, for people."""
    return {
        "date": now.isoformat(timespec="minutes"),
        "processor": f"{_field('/proc/cpuinfo', 'model name')}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{int(_field('/proc/meminfo', 'MemTotal').split()[0]) / 1024**2:.1f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "load before": " ".join(f"{each:.2f}" for each in os.getloadavg()),
        "commit": _commit(),
        "Python": platform.python_version(),
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "load generator": _first_line("wrk", "-v").partition(" Copyright")[0],
    }


def _field(path: str, name: str) -> str:
    lines = Path(path).read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "unknown")


def _commit() -> str:
    changed = _first_line("git", "status", "--porcelain")
    return (_first_line("git", "rev-parse", "--short", "HEAD") or "unknown") + (" and changes" if changed else "")


def _first_line(*command: str) -> str:
    try:
        told = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    except FileNotFoundError:
        return ""
    return next(iter(told.stdout.splitlines()), "")
