"""The backfill form of Airflow's own UI, filled in as a person would."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 180_000  # milliseconds for any one thing to appear: seconds, but more on a busy machine


@contextmanager
def logged_in(url: str, password: str, dag: str) -> Iterator[Page]:
    """The DAG's page, after the login."""
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 1300}, locale="en-US")
        page.set_default_timeout(PATIENCE)
        page.goto(f"{url}/dags/{dag}")
        page.locator("input[name=username]").fill("admin")
        page.locator("input[name=password]").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_test_id("trigger-dag-button").wait_for()
        yield page


def fill_in_backfill(page: Page, first: date, last: date, picture: Path) -> str:
    """Ask for all days from `first` to `last` again; returns what the form said before it was sent."""
    page.get_by_test_id("trigger-dag-button").click()
    form = page.locator("[role=dialog][aria-modal=true]")
    form.get_by_text("Backfill", exact=True).click()
    for day in (first, last):
        form.get_by_text("Select date and time").first.click()
        typed = page.get_by_placeholder("YYYY/MM/DD").locator("visible=true")
        typed.fill(f"{day:%Y/%m/%d}")
        page.get_by_placeholder("HH:mm").locator("visible=true").fill("00:00")
        page.keyboard.press("Escape")
        typed.wait_for(state="hidden")  # or there would be two of them for the next day
        form.get_by_text(f"{day:%b %d, %Y} 00:00").wait_for()
    form.get_by_text("All Runs").click()
    form.locator("input[name=max_active_runs]").fill("3")
    form.get_by_text("will be triggered").wait_for()
    page.screenshot(path=picture)
    said = form.inner_text()
    form.get_by_role("button", name="Run Backfill").click()
    page.get_by_text("Backfill jobs have been successfully triggered.").first.wait_for()
    return said
