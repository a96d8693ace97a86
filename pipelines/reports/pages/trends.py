"""Tries over time: one small row a try, kept by month; a page a month, and one over all months."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from pipelines.reports.pages.layout import render
from pipelines.text.display import sanitize_for_display

TRIES_A_DAY = (
    30  # that a month keeps of a day: the live one and the newest; the pages of older ones stay where they are
)
RECENT = 92  # days drawn on the page over all months
STOPPED = 50  # days whose newest try was stopped, that are listed there
CHECKS_NAMED = 5


class AttemptSummary(BaseModel):
    """What trends know of a try. `received` to `rejected` count items."""

    model_config = ConfigDict(frozen=True)

    dt: str
    release_id: str
    verdict: str  # passed, stopped
    is_live: bool = False
    received: int
    published: int
    duplicate: int
    rejected: int
    set_aside: int = 0  # rows that checks sent to `rejected`, of all tables; older tries do not say
    critical: int  # failed checks, by severity
    warning: int
    failed: tuple[str, ...]  # the first of them, in words


class Month(BaseModel):
    """The tries of a month, by day and then in the order in which they were judged."""

    model_config = ConfigDict(frozen=True)

    month: str
    tries: tuple[AttemptSummary, ...] = ()

    def of(self, dt: str) -> list[AttemptSummary]:
        return [each for each in self.tries if each.dt == dt]

    def judged(self, new: AttemptSummary) -> "Month":
        """With one try more, or the same one again, as the newest of its day."""
        its = self.of(new.dt)
        is_live = any(each.is_live for each in its if each.release_id == new.release_id)
        others = [each for each in its if each.release_id != new.release_id]
        newest = others[1 - TRIES_A_DAY :]
        kept = [each for each in others if each.is_live or each in newest]
        return self._with(new.dt, [*kept, new.model_copy(update={"is_live": is_live})])

    def live(self, dt: str, release_id: str) -> "Month":
        """With that release as the live one of its day."""
        return self._with(
            dt, [each.model_copy(update={"is_live": each.release_id == release_id}) for each in self.of(dt)]
        )

    def _with(self, dt: str, its: Iterable[AttemptSummary]) -> "Month":
        others = [each for each in self.tries if each.dt != dt]
        return Month(month=self.month, tries=tuple(sorted([*others, *its], key=lambda each: each.dt)))


class MonthFigures(BaseModel):
    """A month in one line of the page over all of them; counts are of each day's last word."""

    model_config = ConfigDict(frozen=True)

    month: str
    days: int
    live_days: int
    tries: int
    stopped: int
    received: int
    published: int
    rejected: int


class Index(BaseModel):
    """All months; the last word on each of the latest days; and the latest days whose newest try was stopped."""

    model_config = ConfigDict(frozen=True)

    months: tuple[MonthFigures, ...] = ()
    recent: tuple[AttemptSummary, ...] = ()
    stopped: tuple[AttemptSummary, ...] = ()

    def with_month(self, month: Month) -> "Index":
        months = [each for each in self.months if each.month != month.month] + [compute_figures(month)]
        recent = [each for each in self.recent if each.dt[:7] != month.month] + list_last_attempts(month)
        newest = {each.dt: each for each in month.tries}.values()
        stopped = [each for each in self.stopped if each.dt[:7] != month.month]
        stopped += [each for each in newest if each.verdict == "stopped"]
        return Index(
            months=tuple(sorted(months, key=lambda each: each.month)),
            recent=tuple(sorted(recent, key=lambda each: each.dt)[-RECENT:]),
            stopped=tuple(sorted(stopped, key=lambda each: each.dt)[-STOPPED:]),
        )


def summarize_attempt(said: dict[str, Any]) -> AttemptSummary:
    """The row of a try, from what its page says."""
    total = {
        kind: sum(row[kind] for row in said["coverage"]["sources"])
        for kind in ("received", "published", "duplicate", "rejected")
    }
    named = [f"{row['suite']}: {row['expectation']}({row['column_name'] or ''})" for row in said["failed"]]
    return AttemptSummary(
        dt=said["dt"],
        release_id=said["release_id"],
        verdict=said["verdict"],
        set_aside=said["set_aside_count"],
        critical=said["failed_counts"]["critical"],
        warning=said["failed_counts"]["warning"],
        failed=tuple(sanitize_for_display(name, 120) for name in named[:CHECKS_NAMED]),
        **total,
    )


def list_last_attempts(month: Month) -> list[AttemptSummary]:
    """Of each day the live try, or the last one where none is live."""
    found: dict[str, AttemptSummary] = {}
    for each in month.tries:
        if each.is_live or each.dt not in found or not found[each.dt].is_live:
            found[each.dt] = each
    return list(found.values())


def compute_figures(month: Month) -> MonthFigures:
    days = list_last_attempts(month)
    return MonthFigures(
        month=month.month,
        days=len(days),
        live_days=sum(each.is_live for each in days),
        tries=len(month.tries),
        stopped=sum(each.verdict == "stopped" for each in month.tries),
        received=sum(each.received for each in days),
        published=sum(each.published for each in days),
        rejected=sum(each.rejected for each in days),
    )


def render_month_page(month: Month) -> str:
    return render(
        "month.html", month=month.month, rows=month.tries[::-1], drawings=draw_trends(list_last_attempts(month))
    )


def render_trends_page(index: Index) -> str:
    """The page over all months: what stopped lately first, since that is what people come for."""
    return render(
        "trends.html",
        months=index.months[::-1],
        recent=index.recent[::-1],
        stopped=index.stopped[::-1],
        drawings=draw_trends(index.recent),
    )


def draw_trends(days: Sequence[AttemptSummary]) -> list[tuple[str, list[float | None], str]]:
    """What is drawn of these days: a title, its values and the last of them in words."""
    drawn: list[tuple[str, list[float | None], str]] = [
        ("articles published", [each.published for each in days], "{:,.0f}"),
        ("items received", [each.received for each in days], "{:,.0f}"),
        ("share rejected", [each.rejected / each.received if each.received else None for each in days], "{:.1%}"),
        ("checks failed", [each.critical + each.warning for each in days], "{:,.0f}"),
    ]
    lasts = [next((value for value in values[::-1] if value is not None), None) for _, values, _ in drawn]
    return [
        (title, values, "–" if last is None else form.format(last))
        for (title, values, form), last in zip(drawn, lasts, strict=True)
    ]
