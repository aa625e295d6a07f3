"""Compiles the rules of the ranking (app/ranking) with mypyc, where the package is built or installed for work on it.

The build hook of hatchling: `uv sync`, `pip install` and `uv build` run it. It compiles with the compiler of the system
or, where that has none, with Zig out of PyPI, which is fetched only then. Where neither can, for want of Python.h or
of anything else, it says so and the package is installed all the same: the rules then run as Python.
"""

import os
import platform
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SECONDS: Final = 300
"""Longer than that it may not take: some fifteen are usual."""
ZIG: Final = "ziglang>=0.15,<0.17"
_SOURCES: Final = Path("app/ranking")
_SETUP: Final = """
from mypyc.build import mypycify
from setuptools import setup
setup(
    name="rules",
    packages=[],
    ext_modules=mypycify(["--config-file=", "--strict", {paths}], opt_level="3", debug_level="0", group_name={group!r}),
)
"""


class RulesHook(BuildHookInterface[Any]):
    """Puts the compiled rules beside their source, and into the wheel."""

    def dependencies(self) -> list[str]:
        """What it takes beside mypy: a compiler, where the system has none that can be used."""
        return [ZIG] if _has_headers() and _system_compiler() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's own
        """Compiles, unless that was done of this source before."""
        if self.target_name != "wheel":
            return
        sources = Path(self.root) / _SOURCES
        compiled = _module(sources / "compiled.py")
        folder: Path = compiled.folder_of(sources)
        library = folder / f"{compiled.LIBRARY}{sysconfig.get_config_var('EXT_SUFFIX')}"
        if not library.exists():
            for old in sources.glob("compiled-*"):
                shutil.rmtree(old)
            problem = _compile(sources, folder, compiled)
            if problem:
                self.app.display_warning(f"The rules of the ranking are not compiled, and run as Python. {problem}")
                return
        build_data["artifacts"].append(f"{_SOURCES}/{folder.name}/*")
        build_data["pure_python"] = False
        build_data["infer_tag"] = True


def _compile(sources: Path, folder: Path, compiled: ModuleType) -> str | None:
    """Fills the folder, all at once; or says what was in the way."""
    if not _has_headers():
        return "There is no Python.h: install the headers of Python (python3-dev)."
    compiler = _system_compiler() or _zig()
    if compiler is None:
        return "There is no C compiler."
    with tempfile.TemporaryDirectory() as place:
        room = Path(place)
        _lay_out(room, sources, compiled)
        problem = _run([sys.executable, "setup.py", "-q", "build_ext", "--inplace"], room, _environment(compiler))
        if problem:
            return problem
        made = Path(tempfile.mkdtemp(prefix="compiling-", dir=sources))
        for each in (*room.glob(f"*{_suffix()}"), *(room / _SOURCES).glob(f"*{_suffix()}")):
            shutil.copy(each, made)
    made.chmod(0o755)
    made.replace(folder)
    return None


def _lay_out(room: Path, sources: Path, compiled: ModuleType) -> None:
    """What is compiled and nothing round it, with what compiles it."""
    package = room / _SOURCES
    package.mkdir(parents=True)
    for each in (package, package.parent):
        (each / "__init__.py").touch()
    for name in compiled.MODULES:
        shutil.copy(sources / f"{name}.py", package)
    paths = ", ".join(repr(f"{_SOURCES}/{name}.py") for name in compiled.MODULES)
    (room / "setup.py").write_text(_SETUP.format(paths=paths, group=compiled.LIBRARY.removesuffix("__mypyc")))


def _run(command: list[str], room: Path, environment: dict[str, str]) -> str | None:
    """Runs it there; what it said in the end, where it failed. The compiler ends with it when it takes too long."""
    with subprocess.Popen(  # noqa: S603 - what is run stands above
        command,
        cwd=room,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return f"Compiling took more than {SECONDS} s."
    return None if process.returncode == 0 else "\n".join(said.splitlines()[-20:])


def _environment(compiler: str) -> dict[str, str]:
    """Of the compiler; a product and a sum may not become one instruction, which rounds otherwise than Python."""
    return {
        **os.environ,
        "CC": compiler,
        "LDSHARED": f"{compiler} -shared"
        if sys.platform != "darwin"
        else f"{compiler} -bundle -undefined dynamic_lookup",
        "CFLAGS": "-O3 -ffp-contract=off",
    }


def _has_headers() -> bool:
    return (Path(sysconfig.get_path("include")) / "Python.h").exists()


def _system_compiler() -> str | None:
    named = os.environ.get("CC")
    return named or next((each for each in ("cc", "gcc", "clang") if shutil.which(each)), None)


def _zig() -> str | None:
    """Zig as a C compiler; it is told for what, or it builds for just this processor."""
    try:
        import ziglang  # noqa: F401, PLC0415 - there only where it was fetched
    except ImportError:
        return None
    libc = "musl" if "musl" in (sysconfig.get_config_var("SOABI") or "") else "gnu.2.28"
    target = f" -target {platform.machine()}-linux-{libc}" if sys.platform == "linux" else ""
    return f"{sys.executable} -m ziglang cc{target}"


def _suffix() -> str:
    return str(sysconfig.get_config_var("EXT_SUFFIX"))


def _module(file: Path) -> ModuleType:
    """A module that imports nothing of ours, without what is round it."""
    spec = spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no module")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
