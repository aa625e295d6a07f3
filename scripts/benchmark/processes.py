"""What Linux tells of processes (proc(5))."""

import os
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")


def workers_of(supervisor: int) -> list[int]:
    """The worker processes of uvicorn's supervisor: its children, save the resource tracker of `multiprocessing`."""
    return sorted(pid for pid in _children(supervisor) if b"spawn_main" in _command(pid))


def _children(parent: int) -> list[int]:
    found = (_PROC / str(parent) / "task" / str(parent) / "children").read_text()
    return [int(pid) for pid in found.split()]


def _command(pid: int) -> bytes:
    return (_PROC / str(pid) / "cmdline").read_bytes()


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has used, in user and kernel mode."""
    fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident and proportional set size, in MB (millions of bytes)."""
    lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    kib = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}
    return kib["Rss"] * 1024 / 1e6, kib["Pss"] * 1024 / 1e6
