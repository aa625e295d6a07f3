"""What a drill found: its figures, and what did not hold."""

import os
from dataclasses import dataclass, field


@dataclass
class Told:
    """Figures by their names, in order, and what went wrong."""

    figures: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def demand(self, holds: bool, fault: str) -> None:  # noqa: FBT001 - as of assert
        """Notes the fault where that does not hold."""
        if not holds:
            print(f"DID NOT HOLD: {fault}", flush=True)
            self.faults.append(fault)

    def show(self) -> int:
        """Prints all of it; the exit status of the drill."""
        cores = len(os.sched_getaffinity(0))
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {cores} cores")
        for name, figure in self.figures.items():
            print(f"{name}: {figure}")
        for fault in self.faults:
            print(f"DID NOT HOLD: {fault}")
        return 1 if self.faults else 0


def seconds_of(measured: list[float]) -> str:
    """The middle one and the longest of so many times."""
    ordered = sorted(measured)
    return f"{ordered[len(ordered) // 2]:.1f} s, at most {ordered[-1]:.1f} s" if ordered else "none"
