"""Runs the drill that is named, or says which there are.

A drill is a module of this package, with a docstring whose first line says what is tried and `main(arguments)` that
takes the words after its name and gives the exit status: 0 where the service held.
"""

import ast
import sys
from importlib import import_module
from pathlib import Path

_HERE = Path(__file__).parent


def _drills() -> dict[str, str]:
    """What each drill tries, by its name. Modules that start with an underscore serve several of them."""
    modules = sorted(path for path in _HERE.glob("[!_]*.py"))
    return {path.stem.replace("_", "-"): _tries(path) for path in modules}


def _tries(path: Path) -> str:
    """The first line of the docstring of a module, which is read and not run."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]


def _list() -> None:
    drills = _drills()
    width = max(map(len, drills), default=0)
    print("scripts/drill NAME runs one of:")
    for name, tries in drills.items():
        print(f"  {name:<{width}}  {tries}")


def main(arguments: list[str]) -> int:
    """The exit status: that of the drill, 2 where there is none of that name."""
    if not arguments or arguments[0] in {"-h", "--help"}:
        _list()
        return 0
    name, *rest = arguments
    if name not in _drills():
        print(f"there is no drill {name!r}", file=sys.stderr)
        _list()
        return 2
    drill = import_module(f"{__package__}.{name.replace('-', '_')}")
    return int(drill.main(rest))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
