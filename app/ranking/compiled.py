"""The rules as they were compiled from this very source; where they were not, the source itself is what runs.

`scripts/compile_rules.py` puts what it compiled in a folder that has the fingerprint of the source in its name, so
that source which has changed since is never answered for by what was compiled before.
"""

import sys
from hashlib import sha256
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Final

MODULES: Final = ("facts", "rules", "order", "lines")
"""What is compiled, each after what it imports."""
LIBRARY: Final = "wijzer_rules__mypyc"
"""What mypyc calls the library with the code of them all, which each of them loads."""


def folder_of(sources: Path) -> Path:
    """Where what is compiled from the modules in this folder belongs."""
    digest = sha256()
    for name in MODULES:
        digest.update((sources / f"{name}.py").read_bytes())
    return sources / f"compiled-{digest.hexdigest()[:16]}"


def use_compiled(package: str, path: list[str]) -> str | None:
    """Lets the package have its compiled modules, where there are; if not, says why."""
    folder = folder_of(Path(path[0]))
    library = folder / f"{LIBRARY}{EXTENSION_SUFFIXES[0]}"
    if not library.exists():
        return f"{folder.name} was not compiled"
    path.insert(0, str(folder))
    try:
        _load(LIBRARY, library)
        for name in MODULES:
            import_module(f"{package}.{name}")
    except ImportError as error:  # built for another machine, or half of it is gone
        path.pop(0)
        for name in (LIBRARY, *(f"{package}.{each}" for each in MODULES)):
            sys.modules.pop(name, None)
        return f"{folder.name} does not load: {error}"
    return None


def _load(name: str, file: Path) -> None:
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no module")
    sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
