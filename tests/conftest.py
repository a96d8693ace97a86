"""Real services for tests: one object store and one queue a session, emptied between tests."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from local.services import secrets_in, start_queue, start_store
from local.services import settings as service_settings
from pipelines.checks.suites import read_suites
from pipelines.intake import ingest
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from pipelines.settings import Settings, read_settings

hypothesis_settings.register_profile("fast", max_examples=50, deadline=None)
hypothesis_settings.register_profile(
    "thorough", max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))

Beforehand = Callable[[], tuple[Store, Queue]]
SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files of whole days first where workers take file after file: with one of them last, the others would wait."""
    if not config.getoption("loadscopereorder"):
        with_services = {item.path for item in items if item.get_closest_marker("services")}
        items.sort(key=lambda item: (item.path not in with_services, len(item.path.parts)))


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
def with_few_rules() -> Iterator[None]:
    """For days whose checks are not what a test is about: all row rules, but of the batch rules only the ledger's.

    Great Expectations takes a third of the time then. A child process judges by all rules unless its work is in here.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            "pipelines.checks.suites.read_suites",
            lambda: [suite for suite in read_suites() if suite["name"] == "ledger"],
        )
        yield


@pytest.fixture
def few_rules() -> Iterator[None]:
    with with_few_rules():
        yield


@pytest.fixture(scope="session")
def service_env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A running object store and queue, as the environment that leads to them."""
    folder = tmp_path_factory.mktemp("services")
    with start_store(folder) as store, start_queue(folder) as queue:
        yield service_settings(secrets_in(folder), store.url, queue.url)


def empty(store: Store) -> None:
    """Delete all objects, up to a thousand at once."""
    while keys := [{"Key": entry.key} for entry in islice(store.list_objects(""), 1000)]:
        store.client.delete_objects(Bucket=store.bucket, Delete={"Objects": keys})


@pytest.fixture(scope="session")
def beforehand(service_env: dict[str, str]) -> Beforehand:
    """Gives an empty store, and a queue, in which a module makes once what several of its tests begin with."""

    def emptied() -> tuple[Store, Queue]:
        settings = read_settings(service_env)
        empty(store := Store(settings))
        return store, Queue(settings, settings.queue)

    return emptied


@pytest.fixture
def env(service_env: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of one test: its own queue, and a bucket without objects."""
    found = service_env | {"COPYDESK_QUEUE": f"q{abs(hash(request.node.nodeid)):x}"}
    empty(Store(read_settings(found)))
    with_queue = Queue(read_settings(service_env), service_env["COPYDESK_QUEUE"])
    with_queue.client.create_queue(QueueName=found["COPYDESK_QUEUE"], Attributes={"VisibilityTimeout": "120"})
    return found


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
