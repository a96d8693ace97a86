"""Other libraries beside ours, each in a process and an environment of its own.

`ask_peers` starts one of the modules here with the Python of an environment and asks it questions, one a line of JSON.
The module answers each with a line: reader → its answer, null where it failed, and the CPU seconds that it took. The
modules know nothing of copydesk, and this one needs nothing but the standard library, as it runs on both sides.
"""

import base64
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]


class Answers(NamedTuple):
    """The answers of one reader, one a question, and its CPU seconds over all of them."""

    values: list[Any]
    seconds: float


def find_python(environment: str) -> Path:
    """Return the Python of `.venv-<environment>`, which need not be there."""
    return ROOT / f".venv-{environment}" / "bin" / "python"


def build_command(environment: str, module: str, *arguments: str) -> list[str]:
    """Return the command that starts a module of this package; it is to be run in ROOT."""
    return [str(find_python(environment)), "-m", f"benchmarks.peers.{module}", *arguments]


def ask_peers(environment: str, module: str, questions: Iterable[Any], *arguments: str) -> dict[str, Answers]:
    """Return what each reader of a module answers; nothing, and a line on it, where its environment is absent."""
    if not find_python(environment).exists():
        print(f"peers absent: make .venv-{environment}/ready")
        return {}
    answered = subprocess.run(
        build_command(environment, module, *arguments),
        input="\n".join(map(json.dumps, questions)), cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows = [json.loads(line) for line in answered.stdout.splitlines()]
    return {
        name: Answers([row[name][0] for row in rows], sum(row[name][1] for row in rows))
        for name in (rows[0] if rows else ())
    }


def pack_page(body: bytes, url: str | None) -> dict[str, str | None]:
    """Return a page as a question."""
    return {"html": base64.b64encode(body).decode(), "url": url}


def unpack_page(page: Mapping[str, str]) -> bytes:
    """Return the bytes of a page that came as a question."""
    return base64.b64decode(page["html"])


def answer(readers: Mapping[str, Callable[[Any], Any]]) -> None:
    """Answer each line of standard input by each reader; the first is read twice, so that loading costs no time."""
    logging.disable(logging.CRITICAL)
    for number, line in enumerate(sys.stdin):
        question, answers = json.loads(line), {}
        for name, read in readers.items():
            for _ in range(1 if number else 2):
                began = time.process_time()
                try:
                    value = read(question)
                except Exception:  # noqa: BLE001  a question that a library cannot take costs time too
                    value = None
                answers[name] = (value, time.process_time() - began)
        print(json.dumps(answers), flush=True)
