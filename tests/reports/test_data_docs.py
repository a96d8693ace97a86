"""Great Expectations' Data Docs on request: of live and stopped releases, and safe to open."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines import flow
from pipelines.checks.data_docs import DOCS_POLICY, write_data_docs
from pipelines.errors import BadInput
from pipelines.reports import data_docs
from pipelines.services.queue import Queue
from pipelines.services.storage import Store
from tests.conftest import now
from tests.reports.test_attempts import stopped
from tests.test_flow import DAY, send


@pytest.mark.slow
@pytest.mark.services
@pytest.mark.usefixtures("few_rules")
def test_live_stopped_and_replaced_releases_all_have_data_docs(store: Store, queue: Queue, tmp_path: Path) -> None:
    send(store, queue, 1)
    replaced = flow.run_day(store, DAY, now())
    send(store, queue, 2)
    flow.run_day(store, DAY, now())
    send(store, queue, 3)
    of_stopped = stopped(store)
    pages = {}
    for name, release in {"live": None, "stopped": of_stopped, "replaced": replaced}.items():
        index = data_docs.write(store, DAY, release, tmp_path / name)
        assert "articles" in index.read_text()
        pages[name] = {page.name for page in index.parent.glob("validations/**/*.html")}
    assert "staged-articles.contract.html" in pages["live"]
    assert pages["stopped"] - pages["live"] == {"staged-ledger.html"}  # of others it is not kept
    assert pages["replaced"] == pages["live"]


@pytest.mark.services
@pytest.mark.usefixtures("few_rules")
def test_what_cannot_be_shown_is_said(store: Store, queue: Queue, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has not been published"):
        data_docs.write(store, DAY, None, tmp_path)
    send(store, queue, 1)
    release = flow.run_day(store, DAY, now())
    with pytest.raises(BadInput, match="has no release"):
        data_docs.write(store, DAY, "f" * 32, tmp_path)
    (tmp_path / "mine.txt").touch()
    with pytest.raises(BadInput, match="not an empty folder"):
        data_docs.write(store, DAY, release, tmp_path)
    store.delete([entry.key for entry in store.list_objects("tables/")])
    with pytest.raises(BadInput, match=f"the results are in attempts/dt={DAY}/{release}/"):
        data_docs.write(store, date.fromisoformat(str(DAY)), release, tmp_path / "docs")


def test_no_value_of_an_article_is_in_them_and_nothing_may_run(tmp_path: Path) -> None:
    hostile = "<script>alert('from an article')</script>"
    rule: Any = {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "title", "regex": "^fine"}}
    wrong: Any = {**rule, "type": "expect_nothing_that_is_known"}
    write_data_docs(
        [{"name": "articles", "expectations": [wrong, rule]}], {"articles": pa.table({"title": [hostile]})}, tmp_path
    )
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) == 3
    for page in pages:
        html = page.read_text()
        assert "from an article" not in html
        assert html.index(DOCS_POLICY) < html.index("<script")
    assert "Failed" in next(page for page in pages if "validations" in page.parts).read_text()
