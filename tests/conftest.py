"""Real services for tests: one object store and one queue a session, emptied between tests."""

import hashlib
import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
import pytest_timeout
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from local.processes import Patience, measure_own_cpu
from local.services import Service, build_settings, load_secrets, start_queue, start_store
from pipelines.checks.judge import judge
from pipelines.checks.suites import Suite, build_row_suite, read_suites
from pipelines.checks.verdicts import Verdict
from pipelines.intake import ingest
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import Settings, read_settings
from pipelines.tables.checks import CHECKS
from pipelines.tables.published import PUBLISHED
from tests.snapshots import empty

hypothesis_settings.register_profile("fast", max_examples=50, deadline=None)
hypothesis_settings.register_profile(
    "thorough", max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))

# What decides that a test hangs is looked at this often in the time that it has.
LOOKS = 4
Beforehand = Callable[[], tuple[Store, Queue]]
Judge = Callable[[Sequence[Suite], Mapping[str, pa.Table]], Verdict]
SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put long tests first where workers share them: with one of them last, the other workers would wait for it."""
    if config.getoption("numprocesses", None):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        with_services = {item.path for item in items if item.get_closest_marker("services")}
        items.sort(
            key=lambda item: (
                not item.get_closest_marker("slow"),
                item.path not in slow,
                item.path not in with_services,
                len(item.path.parts),
            )
        )


@pytest.hookimpl(tryfirst=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: pytest_timeout.Settings) -> bool:
    """Stop a test that has used its seconds of CPU time, or was idle for so long; services that it started count.

    The clock alone would also stop tests that only wait for a busy machine.
    """
    begin, patience = measure_own_cpu(), Patience(settings.timeout, measure_own_cpu)

    def look(*_: object) -> None:
        if measure_own_cpu() - begin >= settings.timeout or patience.is_over(None):
            cancel()  # or it would be raised once more, while pytest reports the first
            pytest_timeout.timeout_sigalrm(item, settings)

    def cancel() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)

    item.cancel_timeout = cancel  # type: ignore[attr-defined]  # where pytest-timeout looks for it
    signal.signal(signal.SIGALRM, look)
    signal.siginterrupt(signal.SIGALRM, False)
    signal.setitimer(signal.ITIMER_REAL, settings.timeout / LOOKS, settings.timeout / LOOKS)
    return True


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real pages, which are not part of the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder with real pages is not beside this checkout")
    return SHARED_DATA


@pytest.fixture(scope="session", autouse=True)
def _one_look_at_an_empty_queue() -> Iterator[None]:
    """The stand-in for SQS has one server, which knows at once that there is nothing; a second a pass adds up."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ingest, "LAST_LOOK_SECONDS", 0)
        yield


@contextmanager
def with_few_rules(*columns: str, with_row_rules: bool = False) -> Iterator[None]:
    """Judge days whose verdict is not what a test is about by few rules: the ledger's, that nothing is lost.

    Great Expectations would be more than half of the work of a small day. A child process judges by all rules unless
    its work is in here. The batch rules of the named columns are added, and the rules of the contracts where asked.
    """
    rules = [
        suite
        | {
            "expectations": [
                rule
                for rule in suite["expectations"]
                if suite["name"] == "ledger" or rule["kwargs"].get("column") in columns
            ]
        }
        for suite in read_suites()
    ]
    rules = [suite for suite in rules if suite["expectations"]]
    if with_row_rules:
        rules += [build_row_suite(table) for table in PUBLISHED if table is not CHECKS]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("pipelines.checks.suites.read_suites", lambda: rules)
        patched.setattr("pipelines.flow.read_rules", lambda: rules)
        yield


@pytest.fixture
def few_rules() -> Iterator[None]:
    with with_few_rules():
        yield


@pytest.fixture
def row_rules_and_ledger() -> Iterator[None]:
    """For days that were crashed on the way: keys and row rules of what was published are looked at, too."""
    with with_few_rules(with_row_rules=True), pytest.MonkeyPatch.context() as patched:
        patched.setattr("pipelines.flow.judge", remember_verdicts(judge))
        yield


def remember_verdicts(judge: Judge) -> Judge:
    """Judge equal tables once: after most crashes they are those that were judged before the crash."""
    verdicts: dict[bytes, Verdict] = {}

    def remembered(suites: Sequence[Suite], tables: Mapping[str, pa.Table]) -> Verdict:
        key = hashlib.sha256(json.dumps(suites).encode())
        for name, table in sorted(tables.items()):
            sink = pa.BufferOutputStream()
            rows = table.select(table.column_names)
            with pa.ipc.new_stream(sink, rows.schema) as stream:
                stream.write_table(rows)
            key.update(name.encode() + sink.getvalue())
        if key.digest() not in verdicts:
            verdicts[key.digest()] = judge(suites, tables)
        return verdicts[key.digest()]

    return remembered


def end_at_once(service: Service) -> Service:
    """Give a service no time to end in order: nothing of it is kept, and a second Ctrl-C finds it gone."""
    return replace(service, grace=0)


@pytest.fixture(scope="session")
def service_env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A running object store and queue, as the environment that leads to them."""
    folder = tmp_path_factory.mktemp("services")
    with end_at_once(start_store(folder)) as store, end_at_once(start_queue(folder)) as queue:
        yield build_settings(load_secrets(folder), store.url, queue.url)


@pytest.fixture(scope="session")
def beforehand(service_env: dict[str, str]) -> Beforehand:
    """Gives an empty store, and a queue, in which a module makes once what several of its tests begin with."""

    def emptied() -> tuple[Store, Queue]:
        settings = read_settings(service_env)
        empty(store := Store(settings))
        return store, Queue(settings, settings.queue)

    return emptied


@pytest.fixture
def will_restore() -> None:
    """Requested by fixtures that restore a snapshot: it replaces what the bucket holds, which need not be emptied."""


@pytest.fixture
def env(service_env: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of one test: its own queue, and a bucket without objects."""
    own = service_env | {"COPYDESK_QUEUE": f"q{abs(hash(request.node.nodeid)):x}"}
    if "will_restore" not in request.fixturenames:
        empty(Store(read_settings(own)))
    with_queue = Queue(read_settings(service_env), service_env["COPYDESK_QUEUE"])
    with_queue.client.create_queue(QueueName=own["COPYDESK_QUEUE"], Attributes={"VisibilityTimeout": "120"})
    return own


@pytest.fixture
def settings(env: dict[str, str]) -> Settings:
    return read_settings(env)


@pytest.fixture
def store(settings: Settings) -> Store:
    return Store(settings)


@pytest.fixture
def queue(settings: Settings) -> Queue:
    return Queue(settings, settings.queue)


def now() -> datetime:
    return datetime.now(UTC)
