"""The command line: every command does its work or says in one line why not."""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines import cli, flow
from pipelines.cli.tables import format_tables_page
from pipelines.errors import LostRace, ReleaseStopped
from pipelines.flow import plan_day
from pipelines.intake.ingest import ingest
from pipelines.redrive import record as redrive_record
from pipelines.redrive import run as redrive
from pipelines.releases.swap import read_head
from pipelines.reports.pages.trends import AttemptSummary, Index
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import Settings, read_settings
from pipelines.tables.published import PUBLISHED
from pipelines.tables.raw import RAW
from tests.conftest import now, with_few_rules
from tests.redrive.test_run import older_code

DAY = date(2026, 3, 2)
STORY = "The harbour board met on Monday and agreed on the plan for the new pier. " * 4


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str


Copydesk = Callable[..., Done]


def run_command(*arguments: object) -> Done:
    """Runs the command line in this process, with its arguments."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        patched.setattr(sys, "argv", ["copydesk", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    code = ended.value.code
    told = f"{code}\n" if isinstance(code, str) else ""  # Python itself writes it to stderr and ends with 1
    return Done(1 if told else int(code or 0), out.getvalue(), err.getvalue() + told)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Copydesk:
    """The command line without any settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"COPYDESK_{name.upper()}", raising=False)
    return run_command


@pytest.fixture
def copydesk(command: Copydesk, monkeypatch: pytest.MonkeyPatch, env: dict[str, str]) -> Copydesk:
    """The command line with a store and a queue."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return command


def story(folder: Path, number: int) -> Path:
    path = folder / f"{number}.txt"
    path.write_text(f"{number} {STORY}")
    return path


@pytest.fixture(scope="module")
def newsroom(service_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a bucket of its own, with a day of two articles and a rejected file, for tests that look."""
    env = service_env | {"COPYDESK_BUCKET": "newsroom", "COPYDESK_QUEUE": "newsroom"}
    store = Store(read_settings(env))
    store.client.create_bucket(Bucket="newsroom")
    Queue(read_settings(service_env), service_env["COPYDESK_QUEUE"]).client.create_queue(QueueName="newsroom")
    folder = tmp_path_factory.mktemp("newsroom")
    (folder / "empty.html").write_text("<p>")
    with pytest.MonkeyPatch.context() as patched, with_few_rules():
        for name, value in env.items():
            patched.setenv(name, value)
        files = [story(folder, 1), story(folder, 2), folder / "empty.html"]
        assert run_command("send", *files, "--source", "paper", "--dt", DAY).status == 0
        assert run_command("ingest").status == 0
        assert run_command("run", "--dt", DAY).status == 0
    return env


@pytest.fixture
def published(newsroom: dict[str, str], command: Copydesk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Copydesk]:
    """The command line of the newsroom; what a test damages is mended."""
    store = Store(read_settings(newsroom))
    objects = {entry.key: store.get(entry.key) for entry in store.list_objects("tables/")}
    for name, value in newsroom.items():
        monkeypatch.setenv(name, value)
    yield command
    store.delete({entry.key for entry in store.list_objects("tables/")} - objects.keys())
    for key, data in objects.items():
        store.put(key, data)


@pytest.fixture
def its_store(newsroom: dict[str, str]) -> Store:
    return Store(read_settings(newsroom))


@pytest.mark.services
@pytest.mark.usefixtures("few_rules")
def test_articles_go_from_files_to_tables(copydesk: Copydesk, tmp_path: Path) -> None:
    sent = copydesk("send", story(tmp_path, 1), story(tmp_path, 2), "--source", "paper", "--dt", DAY)
    assert [line.split(": ")[1].split()[0] for line in sent.out.splitlines()] == ["queue", "queue"]
    assert copydesk("ingest").out == "landed 2 messages and 0 files in 1 batches\n"
    run = copydesk("run", "--dt", DAY)
    assert run.status == 0
    assert f"{DAY} release" in run.out
    assert "2 articles" in run.out
    assert "0 rejected" in run.out


@pytest.mark.services
def test_a_pass_that_leaves_something_says_so(copydesk: Copydesk, tmp_path: Path) -> None:
    copydesk("send", story(tmp_path, 1), story(tmp_path, 2))
    assert "run it again" in copydesk("ingest", "--at-most", 1).out


@pytest.mark.services
@pytest.mark.usefixtures("few_rules")
def test_a_range_of_days_is_run_day_by_day(copydesk: Copydesk) -> None:
    copydesk("ingest")
    run = copydesk("run", "--dt", "2026-03-01", "--to", "2026-03-02")
    assert [line[:10] for line in run.out.splitlines()] == ["2026-03-01", "2026-03-02"]


@pytest.mark.services
@pytest.mark.usefixtures("few_rules")
def test_a_day_that_is_stopped_keeps_none_of_a_range_from_being_published(
    copydesk: Copydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop_first(store: Store, day: date, *arguments: Any) -> str:
        if day < DAY:
            raise ReleaseStopped("too much is wrong", "1" * 32)
        return run_day(store, day, *arguments)

    run_day = flow.run_day_with_replans
    monkeypatch.setattr(flow, "run_day_with_replans", stop_first)
    copydesk("ingest")
    run = copydesk("run", "--dt", "2026-03-01", "--to", DAY)
    assert (run.status, run.out[:10]) == (1, str(DAY))
    assert "ReleaseStopped: too much is wrong" in run.err
    assert f"{DAY}: release {run.out.split()[2].rstrip(':')}, 0 articles" in copydesk("status").out


@pytest.mark.services
def test_the_tables_can_be_asked(published: Copydesk) -> None:
    asked = published("query", "SELECT count(*) AS n, min(dt) AS day FROM articles_latest WHERE source = 'paper'")
    assert asked.status == 0
    assert "2" in asked.out
    assert str(DAY) in asked.out
    assert "no_text" in published("query", "SELECT reason FROM rejected").out


@pytest.mark.services
def test_rejects_are_shown_by_what_said_no_with_a_sample(published: Copydesk) -> None:
    shown = published("rejected", "--reason", "no_text", "--since", DAY)
    assert shown.status == 0
    assert "paper  clean no_text" in shown.out
    assert f"{DAY}; code has not changed" in shown.out
    assert "<p>" in shown.out
    assert shown.out.endswith("1 rejects in 1 groups\n")
    assert published("rejected", "--reason", "failed").out == "0 rejects in 0 groups\n"


@pytest.mark.services
@pytest.mark.parametrize("name", ["rejected", "redrive"])
@pytest.mark.parametrize(
    ("option", "value", "remedy"),
    [
        ("--reason", "no_txt", "did you mean no_text"),
        ("--stage", "cleen", "did you mean clean?"),
        ("--source", "papr", "did you mean paper?"),
        ("--fingerprint", "xyz", "of 16 hex digits"),
        ("--fingerprint", "0123456789abcdef", "`copydesk rejected` lists them"),
        ("--item", "12", "of 32 hex digits"),
    ],
)
def test_a_typo_in_a_filter_is_an_error(published: Copydesk, name: str, option: str, value: str, remedy: str) -> None:
    done = published(name, option, value)
    assert (done.status, done.out) == (1, "")
    assert remedy in done.err


def test_a_range_that_runs_backwards_is_an_error(command: Copydesk) -> None:
    assert "before the first" in command("rejected", "--since", "2026-03-02", "--until", "2026-03-01").err


@pytest.mark.services
def test_nothing_is_taken_up_again_by_the_code_that_rejected_it(published: Copydesk) -> None:
    assert (
        published("redrive").out == "nothing to process again: no item was rejected by an older version of the code\n"
    )


@pytest.mark.slow
@pytest.mark.services
@pytest.mark.usefixtures("few_rules")
def test_a_redrive_says_what_it_would_do_then_what_it_did_and_what_is_left(
    copydesk: Copydesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ferry.txt").write_text(f"A ferry. {STORY}")
    copydesk("send", tmp_path / "ferry.txt", "--source", "paper", "--dt", DAY)
    copydesk("ingest")
    with older_code(monkeypatch):
        copydesk("run", "--dt", DAY)
    assert copydesk("redrive", "--dry-run").out == (
        f"{DAY}: 1 items would be processed again, and the whole day rebuilt\n"
    )
    assert "1 published" in copydesk("redrive", "--at-most", 1, "--reason", "failed").out
    assert copydesk("rejected").out == "0 rejects in 0 groups\n"


@pytest.mark.services
def test_a_redrive_that_was_begun_can_be_abandoned(copydesk: Copydesk, env: dict[str, str]) -> None:
    store = Store(read_settings(env))
    begun = redrive.begin_redrive(store, redrive.RedriveSelection((), ()), datetime(2026, 4, 1, tzinfo=UTC), False)
    assert copydesk("redrive", "--abandon", begun.id).out == f"redrive {begun.id}: 0 rejects of 0 items on 0 days\n"
    assert redrive_record.list_open_redrives(store) == []
    assert copydesk("redrive", "--abandon", begun.id).status == 1


@pytest.mark.services
@pytest.mark.usefixtures("few_rules")
def test_what_a_run_accepts_is_recorded_and_shown(copydesk: Copydesk, env: dict[str, str]) -> None:
    copydesk("ingest")
    release = copydesk("run", "--dt", DAY).out.split()[2].rstrip(":")
    accepted = copydesk("run", "--dt", DAY, "--accept", release, "--by", "Ada", "--reason", "it is right")
    assert "accepted by Ada at " in accepted.out
    assert Store(read_settings(env)).exists(f"accepted/dt={DAY}/{release}.json")
    assert copydesk("run", "--dt", DAY, "--by", "Ada").status == 2


@pytest.mark.services
def test_a_store_without_any_release_can_be_asked_too(copydesk: Copydesk) -> None:
    assert copydesk("query", "SELECT count(*) FROM articles").status == 0


@pytest.mark.services
def test_a_wrong_query_is_said_without_a_traceback(published: Copydesk) -> None:
    asked = published("query", "SELECT nothing FROM articles")
    assert asked.status == 1
    assert asked.err.startswith("query failed: ")


@pytest.mark.services
def test_status_tells_of_queue_and_days(published: Copydesk) -> None:
    said = published("status").out
    assert "queue newsroom: 0 waiting, 0 leased" in said
    assert f"{DAY}: release" in said
    assert "2 articles" in said
    assert "newer input" not in said


@pytest.mark.services
def test_status_tells_what_waits_and_what_came_since(copydesk: Copydesk, tmp_path: Path) -> None:
    copydesk("send", story(tmp_path, 3), "--dt", DAY)
    assert "1 waiting" in copydesk("status").out
    copydesk("ingest")
    assert f"{DAY}: not published; waiting: it is over" in copydesk("status").out


@pytest.mark.services
def test_check_is_content_with_a_whole_day(published: Copydesk) -> None:
    checked = published("check")
    assert (checked.status, checked.out.splitlines()[-1][:17]) == (0, "1 published days:")


@pytest.mark.services
@pytest.mark.parametrize("table", ["articles", "rejected", "checks"])
def test_check_finds_an_object_that_is_gone(published: Copydesk, its_store: Store, table: str) -> None:
    head, _ = read_head(its_store, str(DAY))
    assert head is not None
    its_store.delete(head.list_keys(table))
    checked = published("check")
    assert checked.status == 1
    assert f"{table} should be {head.list_keys(table)[0]} alone, but there is nothing" in checked.out


@pytest.mark.services
def test_check_finds_an_object_too_many(published: Copydesk, its_store: Store) -> None:
    its_store.put(f"tables/articles/dt={DAY}/stray.parquet", b"")
    checked = published("check")
    assert checked.status == 1
    assert "stray.parquet" in checked.out


@pytest.mark.services
def test_check_finds_an_item_that_is_lost_and_one_from_nowhere(published: Copydesk, its_store: Store) -> None:
    head, _ = read_head(its_store, str(DAY))
    assert head is not None
    key = head.list_keys("articles")[0]
    articles = its_store.read_table(key)
    renamed = articles.set_column(0, articles.schema.field(0), [["from nowhere", *articles["item_id"].to_pylist()[1:]]])
    its_store.put_table(key, renamed.slice(0, articles.num_rows - 1))
    checked = published("check")
    assert checked.status == 1
    assert f"item 0 of delivery {articles['delivery_id'][-1]} is in no table" in checked.out
    assert "item from nowhere of articles has an id that does not follow from its delivery" in checked.out


@pytest.mark.services
def test_what_went_wrong_is_one_line_and_status_1(copydesk: Copydesk) -> None:
    done = copydesk("run", "--dt", DAY)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"NotReady: {DAY} has ended, but ingest has not run since; run `copydesk ingest`")
    assert done.err.count("\n") == 1


def test_a_missing_setting_is_named(command: Copydesk) -> None:
    done = command("status")
    assert done.status == 1
    assert done.err.startswith("BadSetting: COPYDESK_BUCKET")
    assert done.err.count("\n") == 1


def test_a_store_that_is_not_there_is_one_line(command: Copydesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_BUCKET", "news")
    monkeypatch.setenv("COPYDESK_S3_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("COPYDESK_ACCESS_KEY_ID", "k")
    monkeypatch.setenv("COPYDESK_SECRET_ACCESS_KEY", "hush-hush")
    done = command("check")
    assert (done.status, done.err.count("\n"), "hush-hush" in done.err) == (1, 1, False)
    assert done.err.startswith("Unavailable: ")


def test_help_names_every_command_with_all_of_its_first_sentence(command: Copydesk) -> None:
    done = command("--help")
    assert done.status == 0
    shown = " ".join(done.out.split())
    for registered in cli.app.registered_commands:
        assert registered.callback is not None
        sentence = " ".join((registered.callback.__doc__ or "").split()).partition(". ")[0]
        assert f" {registered.name} {sentence}" in shown
    assert "--version" in shown


def test_the_version_is_that_of_the_package(command: Copydesk) -> None:
    done = command("--version")
    assert (done.status, done.out) == (0, f"copydesk {metadata.version('copydesk')}\n")


def test_a_mistyped_command_is_refused_with_the_right_one(command: Copydesk) -> None:
    done = command("stauts")
    assert (done.status, done.out) == (2, "")
    assert "No such command 'stauts'. Did you mean 'status'?" in done.err


def test_no_command_at_all_shows_help(command: Copydesk) -> None:
    done = command()
    assert done.status == 2
    assert "Commands:" in done.out + done.err


HEAVY = (
    "boto3", "botocore", "duckdb", "great_expectations", "lxml", "numpy", "pandas", "pyarrow", "py3langid", "pydantic",
    "rich", "spacy",
)  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["--help"], ()),
        (["--version"], ()),
        (["stauts"], ()),
        (["redrive", "--help"], ("pydantic",)),  # typer reads options with it
        (["tables"], ("pydantic", "pyarrow", "numpy")),
    ],
    ids=str,
)
def test_a_command_loads_what_it_needs_and_nothing_more(arguments: list[str], needed: tuple[str, ...]) -> None:
    code = f"""
import atexit, sys
from pipelines.cli import main
atexit.register(lambda: print("loaded:", *(name for name in {HEAVY} if name in sys.modules)))
sys.argv = ["copydesk", *{arguments}]
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    loaded = done.stdout.rpartition("loaded:")[2].split()
    assert "loaded:" in done.stdout
    assert set(loaded) <= set(needed)


def test_one_address_is_for_one_file(command: Copydesk, tmp_path: Path) -> None:
    done = command("send", story(tmp_path, 1), story(tmp_path, 2), "--url", "https://paper.example/1")
    assert done.status == 2
    assert "one file at a time" in done.err


def test_a_file_that_is_not_there_is_refused(command: Copydesk, tmp_path: Path) -> None:
    assert command("send", tmp_path / "absent.html").status == 2


def test_tables_lists_every_column_with_its_meaning(command: Copydesk) -> None:
    said = command("tables").out
    for table in PUBLISHED:
        assert f"{table.name}: {table.grain}" in said
        assert all(column.doc in said for column in table.columns)


def test_tables_as_markdown_is_what_the_documentation_holds(command: Copydesk) -> None:
    assert command("tables", "--markdown").out == format_tables_page()


def test_the_installed_command_ends_with_status_1_and_one_line() -> None:
    run = [sys.executable, "-m", "pipelines.cli", "run", "--dt", str(DAY)]
    bare = {name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")}
    done = subprocess.run(run, capture_output=True, text=True, env=bare, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_learning_of_a_source_that_sent_nothing_says_so(copydesk: Copydesk) -> None:
    done = copydesk("learn", "nowhere.example", "--until", DAY)
    assert (done.status, done.out) == (1, "")
    assert "nothing came from nowhere.example" in done.err


@pytest.mark.parametrize("path", sorted(Path(cli.__file__).parent.glob("*.py")), ids=lambda path: path.name)
def test_commands_print_by_nothing_but_show(path: Path) -> None:
    code = path.read_text()
    assert "print(" not in code.replace("def print_version(", "").replace("print_version(", "")
    assert code.count("typer.echo(") == (1 if path.name == "common.py" else 0)


HOSTILE = "\x1b]0;owned\x07\u202e"


@pytest.mark.services
@pytest.mark.parametrize(
    "arguments",
    [["query", f"SELECT '{HOSTILE}' AS a"], ["query", f"SELECT '{HOSTILE}"], ["send", HOSTILE], ["learn", HOSTILE],
     ["source", HOSTILE], ["redrive", "--abandon", HOSTILE], ["rejected", "--since", HOSTILE], [HOSTILE],
     ["status", f"--{HOSTILE}"], ["run", "--dt", str(DAY), "--accept", HOSTILE]],
    ids=lambda arguments: arguments[0] if arguments[0] != HOSTILE else "no command",
)  # fmt: skip
def test_no_control_character_reaches_a_terminal(published: Copydesk, arguments: list[str]) -> None:
    done = published(*arguments)
    assert not {"\x1b", "\x07", "\u202e"} & set(done.out + done.err)


def test_a_defect_is_told_without_the_control_characters_that_it_quotes(
    command: Copydesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        logging.getLogger("pipelines").warning("read %s", HOSTILE)
        raise ValueError(HOSTILE)

    monkeypatch.setattr("pipelines.cli.app", lambda prog_name: fail())
    done = command("status")
    assert done.status == 1
    assert "ValueError: ⟨U+001B⟩]0;owned" in done.err
    assert "defect of Copydesk" in done.err
    assert not {"\x1b", "\x07", "\u202e"} & set(done.err)


@pytest.mark.services
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT content FROM read_text('{file}')",
        "SELECT * FROM '{file}'",
        "COPY (SELECT 1) TO '{file}.csv'",
        "ATTACH '{file}.db'",
        "SET enable_external_access = true",
    ],
)
def test_a_query_touches_no_files_unless_it_is_told_to(published: Copydesk, tmp_path: Path, sql: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("hush")
    done = published("query", sql.format(file=secret))
    assert (done.status, "hush" in done.out) == (1, False)
    assert "disabled by configuration" in done.err or "locked" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


@pytest.mark.services
def test_a_query_of_a_file_by_its_name_is_told_how_to_read_it(published: Copydesk) -> None:
    assert "with --allow-files only" in published("query", "SELECT * FROM 'mine.parquet'").err


@pytest.mark.services
def test_a_query_that_is_told_to_reads_files(published: Copydesk, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("my list")
    asked = published("query", f"SELECT content FROM read_text('{tmp_path}/mine.txt')", "--allow-files")
    assert "my list" in asked.out


@pytest.mark.services
@pytest.mark.parametrize("where", ["absent", "down"])
@pytest.mark.parametrize("name", ["status", "rejected", "redrive", "query", "run", "check"])
def test_commands_that_need_no_queue_work_without_one(
    published: Copydesk, monkeypatch: pytest.MonkeyPatch, name: str, where: str
) -> None:
    if where == "absent":
        monkeypatch.delenv("COPYDESK_QUEUE")
        monkeypatch.delenv("COPYDESK_DEAD_LETTER_QUEUE", raising=False)
    else:
        monkeypatch.setenv("COPYDESK_SQS_ENDPOINT", "http://127.0.0.1:9")
    more: dict[str, list[object]] = {"query": ["SELECT 1"], "run": ["--dt", DAY]}
    done = published(name, *more.get(name, []))
    assert done.status == (1 if (name, where) == ("check", "down") else 0)  # which says what is wrong
    if name in ("status", "check"):
        assert str(DAY) in done.out or "1 published days" in done.out or "cannot be used" in done.out


@pytest.mark.services
def test_a_day_without_input_is_said_to_be_empty(copydesk: Copydesk) -> None:
    copydesk("ingest")
    with with_few_rules():
        assert "nothing has arrived, an empty day is live" in copydesk("run", "--dt", DAY).out


@pytest.mark.services
def test_a_run_that_lost_a_race_plans_again(published: Copydesk, monkeypatch: pytest.MonkeyPatch) -> None:
    plans = iter([LostRace("somebody else was faster")])

    def lose_once(*arguments: Any) -> str:
        for lost in plans:
            raise lost
        return plan_day(*arguments)

    monkeypatch.setattr("pipelines.flow.plan_day", lose_once)
    assert published("run", "--dt", DAY).status == 0


@pytest.mark.services
@pytest.mark.parametrize(
    ("name", "data", "more", "why"),
    [
        ("a.html", b"<p>a", ["--dt", "2031-01-01"], "no day for articles"),
        ("a.html", b"<p>a", ["--source", "!!!"], "no name of a publisher"),
        ("a.html", b"<p>a", ["--url", "a page"], "no address of an article"),
        ("a.html", b" \n", [], "is empty"),
        ("a.html", b"\x89PNG\r\n" + bytes(range(30)), [], "is no page"),
        ("a.jsonl", b"[1]\n", [], "holds no article"),
        ("a.bin", bytes(range(256)), [], "unknown_type"),
    ],
)
def test_what_would_be_rejected_later_is_refused_before_anything_is_sent(
    copydesk: Copydesk, queue: Queue, store: Store, tmp_path: Path, name: str, data: bytes, more: list[str], why: str
) -> None:
    (tmp_path / name).write_bytes(data)
    before = [] if "--url" in more else [story(tmp_path, 1)]
    done = copydesk("send", *before, tmp_path / name, *more)
    assert done.status != 0
    assert why in done.err
    assert (queue.depth(), list(store.list_objects("inbox/"))) == ((0, 0), [])


@pytest.mark.services
def test_every_file_that_cannot_be_sent_is_named(copydesk: Copydesk, tmp_path: Path) -> None:
    for number in range(25):
        (tmp_path / f"{number:02}.html").write_bytes(b" ")
    story(tmp_path, 1)
    lines = copydesk("send", tmp_path).err.splitlines()
    assert "00.html is empty" in lines[0]
    assert lines[-1] == "and 5 more files"


@pytest.mark.services
def test_a_pipe_is_read_once_and_hidden_files_are_left_alone(
    copydesk: Copydesk, store: Store, queue: Queue, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_bytes(bytes(range(256)))
    story(tmp_path, 1)
    reading, writing = os.pipe()
    os.write(writing, b"From a pipe. " + STORY.encode())
    os.close(writing)
    sent = copydesk("send", f"/dev/fd/{reading}", tmp_path)
    assert [line.partition(": ")[0] for line in sent.out.splitlines()] == [
        f"/dev/fd/{reading}", f"{tmp_path}/1.txt"
    ]  # fmt: skip
    ingest(store, [queue], now)
    rows = [row for batch in store.list_objects("raw/") for row in store.read_table(batch.key).to_pylist()]
    assert sum(b"From a pipe. " in row["payload"] for row in rows) == 1


@pytest.mark.services
def test_a_folder_without_files_is_refused(copydesk: Copydesk, tmp_path: Path) -> None:
    assert "no files in the folder" in copydesk("send", tmp_path).err


@pytest.mark.services
@pytest.mark.usefixtures("few_rules")
def test_what_is_sent_names_its_source_and_can_be_traced_to_its_release(
    copydesk: Copydesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    page = f'<html><head><link rel="canonical" href="https://www.paper.example/1"></head><body><p>{STORY}'
    (tmp_path / "in" / "b.html").write_text(page)
    (tmp_path / "in" / "c.jsonl").write_text(json.dumps({"url": "https://record.example/1", "text": "A " + STORY}))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Stdin. " + STORY.encode())))
    sent = copydesk("send", tmp_path / "in", "-", "--dt", DAY)
    assert [line.partition("(")[2].partition(")")[0] for line in sent.out.splitlines()] == [
        "source paper.example", "source record.example", "source unknown, give it with --source"
    ]  # fmt: skip
    assert sent.out.splitlines()[2].startswith("standard input: ")
    ids = [line.partition("copydesk trace ")[2].split() for line in sent.out.splitlines()]
    assert "waits" in copydesk("trace", *ids[0]).err
    assert "waits in the inbox" in copydesk("trace", *ids[1]).out
    copydesk("ingest")
    assert "is not published" in copydesk("trace", *ids[0]).out
    assert "leave out --dt to search all days" in copydesk("trace", ids[0][0], "--dt", "2026-03-01").err
    release = copydesk("run", "--dt", DAY).out.split()[2].rstrip(":")
    sources = []
    for each in ids:
        traced = copydesk("trace", *each).out
        assert f"release {release} of {DAY} is live" in traced
        sources.append(traced.partition(" of ")[2].partition("article ")[2].split()[2].rstrip(":"))
    assert sources == ["paper.example", "record.example", "unknown"]
    item = traced.partition("item ")[2].partition(":")[0]
    assert copydesk("trace", item).out == copydesk("trace", item, "--dt", DAY).out == traced


@pytest.mark.parametrize("wanted", ["zzz", "2026-03-02", "*"])
def test_what_is_no_id_is_not_traced(copydesk: Copydesk, wanted: str) -> None:
    assert "is no id" in copydesk("trace", wanted).err


@pytest.mark.services
def test_a_rejected_item_is_traced_to_its_reason(published: Copydesk) -> None:
    item = published("rejected").out.splitlines()[2].split()[1]
    assert "rejected at clean as no_text" in published("trace", item).out


@pytest.mark.services
@pytest.mark.usefixtures("few_rules")
def test_status_tells_open_waiting_and_stale_days_apart(copydesk: Copydesk, tmp_path: Path) -> None:
    copydesk("send", story(tmp_path, 1))
    copydesk("send", story(tmp_path, 1), "--dt", DAY)
    copydesk("ingest")
    copydesk("run", "--dt", DAY)
    copydesk("send", story(tmp_path, 2), "--dt", DAY)
    copydesk("send", story(tmp_path, 2), "--dt", "2026-03-01")
    copydesk("ingest")
    states = {line[:10]: line for line in copydesk("status").out.splitlines()}
    assert "; open: it goes on" in states[str(datetime.now(UTC).date())]
    assert f"stale: more has arrived since; run it again: `copydesk run --dt {DAY}`" in states[str(DAY)]
    assert "waiting: it is over" in states["2026-03-01"]


@pytest.mark.services
def test_a_stopped_day_is_not_counted_as_published(copydesk: Copydesk, store: Store, tmp_path: Path) -> None:
    copydesk("send", story(tmp_path, 1), "--dt", DAY)
    copydesk("ingest")
    failing = Index(stopped=(AttemptSummary(
        dt=str(DAY), release_id="1" * 32, verdict="stopped", received=1, published=0, duplicate=0, rejected=1,
        critical=1, warning=0, failed=(),
    ),))  # fmt: skip
    store.put("reports/index.json", failing.model_dump_json().encode())
    line = f"{DAY}: stopped: release {'1' * 32} was not published; attempts/dt={DAY}/{'1' * 32}/report.html"
    checked = copydesk("check")
    assert (checked.status, line in checked.out, "published days" in checked.out) == (1, True, False)
    assert line.partition(": ")[2] in copydesk("status").out


@pytest.mark.services
@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_check_compares_what_is_published_with_raw(published: Copydesk, its_store: Store, damage: str) -> None:
    (batch,) = its_store.list_objects(f"raw/dt={DAY}/")
    data = its_store.get(batch.key)
    rows = its_store.read_table(batch.key).to_pylist()
    first = rows[0]["delivery_id"]
    rows = rows[1:] if damage == "gone" else [rows[0] | {"raw_sha256": "0" * 64}, *rows[1:]]
    its_store.put_table(batch.key, pa.Table.from_pylist(rows, RAW.schema))
    checked = published("check")
    its_store.put(batch.key, data)
    why = "is published, but not in raw/" if damage == "gone" else "has other bytes in raw/ than were published"
    assert (checked.status, f"{DAY}: delivery {first} {why}" in checked.out) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["run"], "Add --dt YYYY-MM-DD: The day."),
        (["send"], "Add FILE: Pages, plain texts, feeds, archives"),
        (["run", "--dt", "2026-02-30"], "is not a day; write it as 2026-03-02"),
        (["run", "--dt", "2062-03-02"], "the last day that can be built is today"),
        (["learn", "--until", "2062-03-02"], "today is"),
        (["source", "paper", "--refused"], "goes with --activate"),
        (["source", "../releases"], "give a name as in the column `source`"),
        (["dags", "/proc/1/dags"], "name a folder that you may write to"),
        (["query", " "], "SELECT count(*) FROM articles"),
        (["redrive", "--abandon", "0", "--source", "paper"], "give it without other options"),
        (["status"], "docs/settings.md describes the variables"),
    ],
)
def test_a_wrong_use_is_told_with_its_remedy_before_any_work(
    command: Copydesk, arguments: list[str], remedy: str
) -> None:
    done = command(*arguments)
    assert done.status != 0
    assert remedy in done.err
    assert "Traceback" not in done.err
