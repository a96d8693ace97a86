"""No function takes more than 20 decisions. Ruff (C901) counts branches; this counts what stands within lines too."""

import ast
from collections.abc import Iterator
from pathlib import Path

MOST = 20
ROOT = Path(__file__).parent.parent
FOLDERS = ("pipelines", "plugins", "local", "dags")


def count_decisions(function: ast.AST) -> int:
    """Return the cyclomatic complexity as radon counts it: operators, comprehensions and conditional values too.

    Functions within a function count for themselves.
    """
    return 1 + sum(weigh(node) for child in ast.iter_child_nodes(function) for node in iterate_own_nodes(child))


def iterate_own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from iterate_own_nodes(child)


def weigh(node: ast.AST) -> int:
    match node:
        case ast.BoolOp(values=values):
            return len(values) - 1
        case ast.comprehension(ifs=conditions):
            return 1 + len(conditions)
        case ast.For() | ast.AsyncFor() | ast.While():
            return 1 + bool(node.orelse)
        case ast.Try(handlers=handlers):
            return len(handlers) + bool(node.orelse)
        case ast.If() | ast.IfExp() | ast.Assert() | ast.match_case():
            return 1
    return 0


def iterate_functions() -> Iterator[tuple[str, int]]:
    """Yield the place of each function, and its decisions."""
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", count_decisions(node)


def test_no_function_takes_too_many_decisions() -> None:
    assert {place: count for place, count in iterate_functions() if count > MOST} == {}


def test_what_stands_within_a_line_counts() -> None:
    line = "def f(a):\n    return [x for x in a if x or not a] if a and len(a) > 1 else []"
    assert count_decisions(ast.parse(line).body[0]) == 6
