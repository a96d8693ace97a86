"""The command line: the same flow as the DAGs, without Airflow.

Modules of this package import what their commands need inside the functions: help, the version and a typing error come
without loading the rest of the library.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pipelines.cli import days, installation, intake, rejects, sources, tables
from pipelines.cli.common import show
from pipelines.errors import CopydeskError
from pipelines.text.display import sanitize_lines

NO_DAY = re.compile(r"Value error, (.*) does not match the formats '%Y-%m-%d'\.?")  # typer's words


class Commands(TyperGroup):
    """The commands. What needs none of them is answered first, since typer loads pydantic to read an option.

    Contexts and formatters are Any: typer keeps their classes to itself.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Answer `--version`, and refuse a command that does not exist, before any option is read."""
        if args[:1] == ["--version"]:
            print_version(True)
        if args and not args[0].startswith("-"):
            self.resolve_command(ctx, args)
        return super().parse_args(ctx, args)

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Parse the arguments that come before a command."""
        with _sanitize_usage_errors():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Parse the arguments of a command, and run it."""
        with _sanitize_usage_errors():
            return super().invoke(ctx)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Show the first sentence of each command whole, where typer cuts it off."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(1_000)) for name, command in commands if command])


@contextmanager
def _sanitize_usage_errors() -> Iterator[None]:
    """Sanitize what an error of usage quotes: the name of a file may come from outside. typer prints the error."""
    try:
        yield
    except Exception as error:
        if isinstance(message := getattr(error, "message", None), str) and not isinstance(error, CopydeskError):
            message = NO_DAY.sub(r"\1 is not a day; write it as 2026-03-02", message)
            if type(error).__name__ == "MissingParameter" and (missing := getattr(error, "param", None)) is not None:
                options = [option for option in missing.opts if option.startswith("-")]
                message = f"Add {' '.join([*options, missing.metavar])}: {missing.help}"
            error.message = sanitize_lines(message)  # type: ignore[attr-defined]
        raise


def print_version(is_asked: bool) -> None:
    """Print the version of the library and end, if it is asked for."""
    if is_asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            show(f"copydesk {version('copydesk')}")
        except PackageNotFoundError:  # in the image, which runs the code from a folder
            show("copydesk, run from a folder without being installed")
        raise typer.Exit


# Without markup, typer does not load rich: half of the time that help takes.
app = typer.Typer(
    cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)


@app.callback()
def copydesk(
    _: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Turn news articles into daily Parquet tables: the same flow as the DAGs, without Airflow."""


app.command("send")(intake.send_files)
app.command("ingest")(intake.ingest_once)
app.command("trace")(intake.trace_id)
app.command("run")(days.run_days)
app.command("query")(tables.query_tables)
app.command("docs")(tables.write_data_docs)
app.command("tables")(tables.describe_tables)
app.command("status")(days.show_status)
app.command("check")(days.check_all)
app.command("dags")(installation.copy_dag_files)
app.command("learn")(sources.learn_profiles)
app.command("source")(sources.show_source)
app.command("rejected")(rejects.list_rejects)
app.command("redrive")(rejects.redrive_rejects)


class LogLines(logging.Formatter):
    """Formats a record for a terminal: what it quotes from outside is sanitized for display."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message of a record, and its traceback if it has one."""
        return sanitize_lines(super().format(record))


def main() -> None:
    """Run the command line. An error of ours is one line and exit status 1, never a traceback."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LogLines("%(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for noisy in ("botocore", "great_expectations"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    try:
        app(prog_name="copydesk")
    except CopydeskError as error:
        show(f"{type(error).__name__}: {error}", err=True)
        raise SystemExit(1) from None
    except Exception:  # noqa: BLE001  a traceback may quote text from outside, so Python must not print it
        show(traceback.format_exc().rstrip(), err=True)
        show("This is a defect of Copydesk. Please report it with the lines above.", err=True)
        raise SystemExit(1) from None
