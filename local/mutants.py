"""Break pure modules one small change at a time, and count how many breaks their own tests notice.

    python -m local.mutants            # 35 changes of 20 modules, the same for the same seed
    python -m local.mutants --seed 2

A change is one of: a comparison shifted or negated, `and` for `or`, a number one larger, `not` dropped, plus for minus.
Each is made in a copy of the checkout and judged by the tests named in MODULES, fast ones only.
"""

import argparse
import ast
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.services import ROOT, build_bare_env

# Module below pipelines/ → its tests below tests/.
MODULES = {
    "cleaning/addresses.py": "cleaning/test_addresses.py",
    "cleaning/article.py": "cleaning/texts/test_clean_text.py",
    "cleaning/dates.py": "cleaning/test_dates.py",
    "text/decode.py": "text/test_decode.py",
    "cleaning/openings.py": "cleaning/test_openings.py",
    "cleaning/metadata/jsonld.py": "cleaning/metadata",
    "cleaning/metadata/rights.py": "cleaning/metadata/test_rights.py",
    "cleaning/pages/blocks.py": "cleaning/pages",
    "cleaning/texts/hints.py": "cleaning/texts/test_hints.py",
    "cleaning/texts/lines.py": "cleaning/texts",
    "enrichments/amounts.py": "enrichments/test_amounts.py",
    "enrichments/coreference.py": "enrichments/test_coreference.py",
    "enrichments/dates.py": "enrichments/test_dates_mentioned.py",
    "enrichments/keywords.py": "enrichments/test_keywords.py",
    "enrichments/sentences.py": "enrichments/test_sentences.py",
    "enrichments/tone.py": "enrichments/test_tone.py",
    "formats/layers.py": "formats/test_layers.py",
    "formats/sniff.py": "formats/test_sniff.py",
    "tables/contract.py": "tables/test_contract.py",
    "tables/ids.py": "tables/test_ids.py",
}
COUNT = 35
SECONDS = 300  # a change that makes a loop endless is noticed by its tests' not ending
COMPARISONS = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==", ast.In: "not in",
    ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the source of a module with one expression replaced."""

    module: str
    line: int
    before: str
    after: str
    source: str


def main(arguments: list[str]) -> int:
    """Print what became of each mutant, and how many were noticed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=COUNT)
    options = parser.parse_args(arguments)
    mutants = choose_mutants(options.seed, options.count)
    killed = 0
    with tempfile.TemporaryDirectory(prefix="copydesk-mutants-") as name:
        checkout = Path(name) / "checkout"
        ignored = shutil.ignore_patterns(".*", "__pycache__", "*.lock", "results")
        shutil.copytree(ROOT, checkout, ignore=ignored)
        for mutant in mutants:
            is_killed = kill(mutant, checkout)
            killed += is_killed
            word = "noticed" if is_killed else "SURVIVED"
            print(f"{word:8} {mutant.module}:{mutant.line}  {mutant.before}  →  {mutant.after}", flush=True)
    print(f"{killed} of {len(mutants)} mutants were noticed")
    return 0


def choose_mutants(seed: int, count: int) -> list[Mutant]:
    """Return mutants of the modules in turn, so that none has two more than another."""
    chance = random.Random(seed)
    candidates = {module: list(list_mutants(module)) for module in MODULES}
    for mutants in candidates.values():
        chance.shuffle(mutants)
    modules = list(MODULES)
    chance.shuffle(modules)
    turns = [(turn, module) for turn in range(count) for module in modules if turn < len(candidates[module])]
    return [candidates[module][turn] for turn, module in turns[:count]]


def list_mutants(module: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of its source."""
    source = (ROOT / "pipelines" / module).read_text()
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))
    data = source.encode()
    tree = ast.parse(source)
    # Python 3.11 does not say where in an f-string an expression stands.
    unplaced = {id(node) for text in ast.walk(tree) if isinstance(text, ast.JoinedStr) for node in ast.walk(text)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or id(node) in unplaced:
            continue
        for after in list_changes(node):
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[operator]
            changed = data[:start] + f"({after})".encode() + data[end:]
            before = " ".join(data[start:end].decode().split())
            yield Mutant(module, node.lineno, before[:60], after[:60], changed.decode())


def list_changes(node: ast.expr) -> Iterator[str]:
    """Yield the source of what may replace an expression."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
            yield f"{ast.unparse(left)} {COMPARISONS[type(op)]} {ast.unparse(right)}"
        case ast.BoolOp(op=op, values=values):
            word = " or " if isinstance(op, ast.And) else " and "
            yield word.join(f"({ast.unparse(value)})" for value in values)
        case ast.Constant(value=int(value)) if not isinstance(node.value, bool):
            yield str(value + 1)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield ast.unparse(operand)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            yield f"{ast.unparse(left)} {'-' if isinstance(op, ast.Add) else '+'} {ast.unparse(right)}"


def kill(mutant: Mutant, checkout: Path) -> bool:
    """Run the tests of a mutant's module against it; return whether they fail."""
    path = checkout / "pipelines" / mutant.module
    original = path.read_text()
    path.write_text(mutant.source)
    tests = checkout / "tests" / MODULES[mutant.module]
    command: list[str | Path] = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-m",
        "not slow",
        tests,
    ]
    try:
        done = subprocess.run(
            command, cwd=checkout, env=build_bare_env(), capture_output=True, timeout=SECONDS, check=False
        )
        return done.returncode == 1
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(original)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
