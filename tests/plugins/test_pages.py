"""The reports as Airflow serves them: to whom, which, and how."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from copydesk_airflow import pages
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

from pipelines.paths import report_page_key, trends_page_key
from pipelines.services.storage import Store

pytestmark = pytest.mark.services

DAY, RELEASE = "2026-03-02", "a" * 32
PAGE = f"/copydesk/attempts/dt={DAY}/{RELEASE}/report.html"
SERVED = PAGE, "/copydesk/reports/index.html", "/copydesk/reports/2026-03.html"


@pytest.fixture
def anybody(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A client without any login, of an app that mounts ours as Airflow does."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    pages._open_store.cache_clear()
    airflow = FastAPI()
    airflow.mount(pages.PREFIX, pages.app)
    yield TestClient(airflow)
    pages.app.dependency_overrides.clear()
    pages._open_store.cache_clear()


@pytest.fixture
def client(anybody: TestClient) -> TestClient:
    """A client who is logged in; the slow tests log in for real."""
    pages.app.dependency_overrides[pages.require_reader] = lambda: None
    return anybody


@pytest.fixture
def filled(store: Store) -> None:
    for key in (report_page_key(DAY, RELEASE), trends_page_key(), trends_page_key("2026-03")):
        store.put(key, f"<p>{key}".encode())


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("address", SERVED)
def test_pages_are_served_from_the_store(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.text) == (200, "<p>" + address.removeprefix("/copydesk/"))
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("address", [*SERVED, "/copydesk/", "/copydesk/raw/x"])
def test_nobody_gets_a_page_without_a_login(anybody: TestClient, address: str) -> None:
    answer = anybody.get(address)
    assert answer.status_code in ((401,) if address in SERVED else (401, 404))
    assert "<p>reports" not in answer.text
    assert "<p>attempts" not in answer.text


def test_who_is_not_logged_in_is_told_where(anybody: TestClient) -> None:
    answer = anybody.get(PAGE)
    assert "Not logged in" in answer.text
    assert 'href="/auth/login"' in answer.text


@pytest.mark.usefixtures("filled")
def test_a_login_that_airflow_does_not_know_is_none(anybody: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.api_fastapi.core_api import security

    async def refused(token: str | None) -> None:
        raise HTTPException(403, f"Invalid JWT token {token}")

    monkeypatch.setattr(security, "resolve_user_from_token", refused)
    assert anybody.get(PAGE, headers={"Cookie": "_token=forged"}).status_code == 403
    assert anybody.get(PAGE, headers={"Authorization": "Bearer forged"}).status_code == 403


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("may_read", [True, False])
def test_who_is_logged_in_has_to_be_allowed_to_read_the_dag(
    anybody: TestClient, monkeypatch: pytest.MonkeyPatch, may_read: bool
) -> None:
    from airflow.api_fastapi import app as airflow_app
    from airflow.api_fastapi.core_api import security

    asked: list[Any] = []

    async def known(token: str | None) -> str:
        return f"user of {token}"

    def is_authorized_dag(**given: Any) -> bool:
        asked.append((given["method"], given["user"], given["details"].id))
        return may_read

    monkeypatch.setattr(security, "resolve_user_from_token", known)
    monkeypatch.setattr(airflow_app, "get_auth_manager", lambda: SimpleNamespace(is_authorized_dag=is_authorized_dag))
    assert anybody.get(PAGE, headers={"Cookie": "_token=t"}).status_code == (200 if may_read else 403)
    assert asked == [("GET", "user of t", "copydesk_daily")]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("address", [PAGE, "/copydesk/reports/2020-01.html", "/copydesk/nothing"])
def test_no_answer_may_run_anything_or_be_kept_or_framed_by_others(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("sandbox allow-same-origin; default-src 'none'")
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'self'" in policy
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize(
    "address",
    [
        f"/copydesk/attempts/dt={DAY}/{'b' * 32}/report.html",
        "/copydesk/attempts/dt=2026-02-30/" + "a" * 32 + "/report.html",
        "/copydesk/attempts/dt=2026-03-02T00:00/" + "a" * 32 + "/report.html",
        "/copydesk/attempts/dt=2026-03-02/..%2f..%2fraw/report.html",
        "/copydesk/attempts/dt=2026-03-02/" + "A" * 32 + "/report.html",
        f"/copydesk/attempts/dt={DAY}/{RELEASE}/checks.parquet",
        f"/copydesk/attempts/dt={DAY}/{RELEASE}/report.json",
        "/copydesk/reports/2026-13.html",
        "/copydesk/reports/index.json",
        "/copydesk/reports/..%2freleases%2fx.html",
        "/copydesk/raw/dt=2026-03-02/x.parquet",
        "/copydesk/%2e%2e/secret",
        "/copydesk/docs",
        "/copydesk/openapi.json",
    ],
)
@pytest.mark.usefixtures("filled")
def test_nothing_else_has_an_address(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Page not found" in answer.text or not address.startswith("/copydesk/attempts")


def test_a_page_that_is_not_there_says_why(client: TestClient) -> None:
    assert f"Release {RELEASE} of {DAY} has not been checked" in client.get(PAGE).text
    assert "No day of 2026-03 has been checked" in client.get(SERVED[2]).text
    assert "No day has been checked yet" in client.get(SERVED[1]).text


def test_a_store_that_does_not_answer_is_said_without_its_address(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("COPYDESK_BUCKET", "no-such-bucket")
    answer = client.get(PAGE)
    assert answer.status_code == 503
    assert "no-such-bucket" not in answer.text
    assert "could not read the page" in caplog.text


def test_what_is_too_large_to_be_ours_is_not_served(client: TestClient, store: Store) -> None:
    store.put(report_page_key(DAY, RELEASE), b" " * (pages.LARGEST + 1))
    assert client.get(PAGE).status_code == 404


def test_only_reading_is_possible(client: TestClient) -> None:
    assert client.post(PAGE).status_code == client.delete(PAGE).status_code == 405


def test_the_button_of_a_task_leads_to_the_page_in_airflows_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.example/desk/")
    link = pages.ReportLink().get_link(SimpleNamespace(op_args=[f"{DAY}/{RELEASE}"]), ti_key=None)
    assert link == f"/desk/plugin/copydesk{PAGE}"
    assert pages.get_page_url(f"{DAY}/{RELEASE}", origin=True) == f"https://airflow.example{link}"
