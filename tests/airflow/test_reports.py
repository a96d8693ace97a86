"""Why a day was stopped, as the person on call finds it: in Airflow's UI, by two clicks, behind its login."""

from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from pipelines import audit
from pipelines.releases import days as release_days
from tests.airflow.browser import CHROMIUM, PATIENCE, logged_in
from tests.airflow.running import DAILY, STOPPED_DAY, Running, StoppedRun

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.stack,
    pytest.mark.timeout(1_200),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]


@pytest.fixture
def browser(running: Running, stopped: StoppedRun) -> Iterator[Page]:
    """The DAG's page, after the login."""
    with logged_in(running.url, running.password, DAILY) as page:
        yield page


def framed(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title=Copydesk]")


def says_why(page: Page, stopped: StoppedRun) -> None:
    frame = framed(page)
    expect(frame.get_by_role("heading", level=1)).to_have_text(f"{STOPPED_DAY}: stopped", timeout=PATIENCE)
    said = frame.locator("main").inner_text()
    assert "1 critical check failed, so nothing was published" in said
    assert "expect_table_row_count_to_be_between" in said
    assert "no day with articles keeps this" in said
    assert stopped.live.release_id in said
    assert page.title() != "taken"


def test_two_clicks_from_the_dag_lead_to_why_a_day_was_stopped(
    browser: Page, running: Running, stopped: StoppedRun, tmp_path: Path
) -> None:
    browser.locator(f"a[href*='/runs/{stopped.run_id}/tasks/validate']").first.click()
    seen = browser.get_by_role("link", name=stopped.page)
    seen.wait_for()
    browser.screenshot(path=tmp_path / "task.png")
    with browser.expect_popup() as opened:
        seen.click()
    says_why(opened.value, stopped)
    opened.value.screenshot(path=tmp_path / "report.png")
    assert running.head(STOPPED_DAY) == stopped.live
    assert audit.find_broken_invariants(running.store, release_days.list_published_days(running.store)[0]) == []


def test_the_details_of_the_task_have_a_button_that_leads_there(
    browser: Page, running: Running, stopped: StoppedRun, tmp_path: Path
) -> None:
    browser.goto(f"{running.url}/dags/{DAILY}/runs/{stopped.run_id}/tasks/validate/details")
    browser.get_by_role("link", name="Report", exact=True).click()
    says_why(browser, stopped)
    browser.screenshot(path=tmp_path / "report.png")


def test_two_clicks_from_the_menu_lead_there_too(browser: Page, stopped: StoppedRun, tmp_path: Path) -> None:
    browser.get_by_test_id("nav-sidebar").get_by_role("link", name="Copydesk").click()
    expect(framed(browser).get_by_role("heading", level=1)).to_have_text("Attempts and trends", timeout=PATIENCE)
    browser.screenshot(path=tmp_path / "trends.png")
    framed(browser).get_by_role("link", name=STOPPED_DAY).first.click()
    says_why(browser, stopped)


def test_a_page_is_read_by_keyboard_and_leads_to_the_other_attempts(
    browser: Page, running: Running, stopped: StoppedRun, tmp_path: Path
) -> None:
    page, heard, asked = browser, list[str](), list[str]()
    page.goto("about:blank")  # what Airflow's own UI still asks for is no request of ours
    page.on("console", lambda message: heard.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(running.url + stopped.page)
    page.emulate_media(color_scheme="dark")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.screenshot(path=tmp_path / "dark.png", full_page=True)
    page.get_by_role("link", name="previous attempt of the day").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{STOPPED_DAY}: passed its checks")
    page.get_by_role("link", name="all months").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Attempts and trends")
    assert heard == []
    assert [url for url in asked if not url.startswith(f"{running.url}/copydesk/")] == []


@pytest.mark.parametrize("headers", [{}, {"Cookie": "_token=forged"}, {"Authorization": "Bearer forged"}])
def test_without_a_login_there_is_no_page(running: Running, stopped: StoppedRun, headers: dict[str, str]) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(running.url + stopped.page, headers=headers))
    assert refused.value.code in (401, 403)
    assert b"expect_table_row_count" not in refused.value.read()
