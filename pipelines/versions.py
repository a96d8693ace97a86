"""What a stage's output depends on besides its input, as one hash: derived from the code, never typed by hand.

A stage version covers the source files that its module imports, directly or not, the data files beside them, and
the installed versions of the libraries that those files import, with everything these require in turn.
"""

import ast
import hashlib
import re
import unicodedata
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

from pipelines.tables.ids import hash_id

ROOT = Path(__file__).parent.parent
PACKAGE = __name__.partition(".")[0]


@cache
def stage_version(module: str, *before: str) -> str:
    """The version of the stage that `module` is, on top of the versions of the stages before it; 16 hex digits."""
    files, libraries = find_closure(module)
    sources = [f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in sorted(files)]
    locked = [f"{name}=={_locked(name)[0]}" for name in sorted(_required(libraries))]
    # What a letter is differs between versions of Python.
    return hash_id(*sources, "libraries", *locked, unicodedata.unidata_version, "before", *before)[:16]


def find_closure(module: str) -> tuple[frozenset[Path], frozenset[str]]:
    """The files that a module of this package runs with, and the names of the other modules that they import."""
    files: set[Path] = set()
    libraries: set[str] = set()
    waiting = [module, *_packages(module)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        path = _file(name)
        if path is None:
            continue
        files.add(path)
        if path.name == "__init__.py":
            files.update(data for data in path.parent.iterdir() if data.is_file() and data.suffix != ".py")
        try:
            imports = _imports(path.read_bytes())
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
        for imported in imports:
            if imported.partition(".")[0] == PACKAGE:
                waiting.append(imported)
                waiting.extend(_packages(imported))
            else:
                libraries.add(imported.partition(".")[0])
    return frozenset(files), frozenset(libraries)


@cache  # most files are part of several stages
def _imports(code: bytes) -> frozenset[str]:
    """Every name that a file imports, also inside functions: `from a import b` counts as a and as a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level or node.module is None:
                raise ValueError("a relative import hides what a stage depends on")
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def _packages(module: str) -> list[str]:
    """The packages around a module: their __init__ runs too. The outermost is only the name that holds all."""
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(2, len(parts))]


def _file(module: str) -> Path | None:
    base = ROOT.joinpath(*module.split("."))
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


def _required(modules: frozenset[str]) -> set[str]:
    """The distributions that modules belong to, and all that those require and that are installed."""
    owners = _owners()
    found: set[str] = set()
    waiting = [owner for module in modules for owner in owners.get(module, ())]
    while waiting:
        name = re.sub("[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            waiting += _locked(name)[1]
        except PackageNotFoundError:  # for another platform or an extra that is not installed
            continue
        found.add(name)
    return found


@cache
def _locked(name: str) -> tuple[str, list[str]]:
    """The installed version of a distribution, and what it requires. Raises PackageNotFoundError."""
    its = distribution(name)
    lines = [line for line in its.requires or () if "extra ==" not in line]
    return its.version, [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in lines]


@cache
def _owners() -> dict[str, list[str]]:
    return dict(packages_distributions())
