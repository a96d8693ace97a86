"""Attempts over time: one small row per attempt, kept by month; a page per month, and one over all months."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from pipelines.reports.pages.layout import render
from pipelines.reports.pages.release import ReportData
from pipelines.text.display import sanitize_for_display

# A month keeps so many attempts of a day: the live one and the newest; the pages of older ones stay where they are.
ATTEMPTS_A_DAY = 30
RECENT = 92  # days drawn on the page over all months
STOPPED = 50  # days listed there whose newest attempt was stopped
CHECKS_NAMED = 5


class AttemptSummary(BaseModel):
    """What the trends show of an attempt. `received` to `rejected` count items."""

    model_config = ConfigDict(frozen=True)

    dt: str
    release_id: str
    verdict: str  # passed, stopped, accepted
    is_live: bool = False
    received: int
    published: int
    duplicate: int
    rejected: int
    set_aside: int = 0  # rows that checks sent to `rejected`, of all tables; older attempts do not have it
    critical: int  # failed checks, by severity
    warning: int
    failed: tuple[str, ...]  # the first of them, in words


class Month(BaseModel):
    """The attempts of a month, by day and then in the order in which they were checked."""

    model_config = ConfigDict(frozen=True)

    month: str
    # Records of older code name it `tries`.
    attempts: tuple[AttemptSummary, ...] = Field(default=(), validation_alias=AliasChoices("attempts", "tries"))

    def list_attempts(self, dt: str) -> list[AttemptSummary]:
        """Return the attempts of a day."""
        return [attempt for attempt in self.attempts if attempt.dt == dt]

    def with_attempt(self, new: AttemptSummary) -> "Month":
        """Return the month with one more attempt, or the same one again, as the newest of its day."""
        attempts = self.list_attempts(new.dt)
        is_live = any(attempt.is_live for attempt in attempts if attempt.release_id == new.release_id)
        others = [attempt for attempt in attempts if attempt.release_id != new.release_id]
        newest = others[1 - ATTEMPTS_A_DAY :]
        kept = [attempt for attempt in others if attempt.is_live or attempt in newest]
        return self._with_day(new.dt, [*kept, new.model_copy(update={"is_live": is_live})])

    def with_live(self, dt: str, release_id: str) -> "Month":
        """Return the month with this release as the live one of its day."""
        attempts = [
            attempt.model_copy(update={"is_live": attempt.release_id == release_id})
            for attempt in self.list_attempts(dt)
        ]
        return self._with_day(dt, attempts)

    def with_newest(self, dt: str, release_id: str) -> "Month":
        """Return the month with this release as the newest attempt of its day."""
        return self._with_day(dt, sorted(self.list_attempts(dt), key=lambda attempt: attempt.release_id == release_id))

    def _with_day(self, dt: str, attempts: Iterable[AttemptSummary]) -> "Month":
        others = [attempt for attempt in self.attempts if attempt.dt != dt]
        return Month(month=self.month, attempts=tuple(sorted([*others, *attempts], key=lambda attempt: attempt.dt)))


class MonthFigures(BaseModel):
    """A month in one line of the page over all months; items are those of each day's current attempt."""

    model_config = ConfigDict(frozen=True)

    month: str
    days: int
    live_days: int
    attempts: int = Field(validation_alias=AliasChoices("attempts", "tries"))  # older code names it `tries`
    stopped: int
    received: int
    published: int
    rejected: int


class Index(BaseModel):
    """All months; the current attempt of each of the latest days; and the latest days whose newest was stopped."""

    model_config = ConfigDict(frozen=True)

    months: tuple[MonthFigures, ...] = ()
    recent: tuple[AttemptSummary, ...] = ()
    stopped: tuple[AttemptSummary, ...] = ()

    def with_month(self, month: Month) -> "Index":
        """Return the index with this month as it is now."""
        months = [figures for figures in self.months if figures.month != month.month] + [compute_figures(month)]
        recent = _without_month(self.recent, month.month) + list_current_attempts(month)
        newest = {attempt.dt: attempt for attempt in month.attempts}.values()
        stopped = _without_month(self.stopped, month.month)
        stopped += [attempt for attempt in newest if attempt.verdict == "stopped"]
        return Index(
            months=tuple(sorted(months, key=lambda figures: figures.month)),
            recent=tuple(sorted(recent, key=lambda attempt: attempt.dt)[-RECENT:]),
            stopped=tuple(sorted(stopped, key=lambda attempt: attempt.dt)[-STOPPED:]),
        )


class Drawing(NamedTuple):
    """A line over days: its title, its values, and the last of them as text."""

    title: str
    values: list[float | None]
    last: str


def summarize_attempt(report: ReportData) -> AttemptSummary:
    """Summarize an attempt, from the data of its page."""
    sources = report["coverage"]["sources"]
    named = [f"{row['suite']}: {row['expectation']}({row['column_name'] or ''})" for row in report["failed"]]
    return AttemptSummary(
        dt=report["dt"],
        release_id=report["release_id"],
        verdict=report["verdict"],
        set_aside=report["set_aside_count"],
        critical=report["failed_counts"]["critical"],
        warning=report["failed_counts"]["warning"],
        failed=tuple(sanitize_for_display(name, 120) for name in named[:CHECKS_NAMED]),
        received=sum(source["received"] for source in sources),
        published=sum(source["published"] for source in sources),
        duplicate=sum(source["duplicate"] for source in sources),
        rejected=sum(source["rejected"] for source in sources),
    )


def list_current_attempts(month: Month) -> list[AttemptSummary]:
    """Return the current attempt of each day: the live one, or the last one if none is live."""
    current: dict[str, AttemptSummary] = {}
    for attempt in month.attempts:
        if attempt.is_live or attempt.dt not in current or not current[attempt.dt].is_live:
            current[attempt.dt] = attempt
    return list(current.values())


def compute_figures(month: Month) -> MonthFigures:
    """Sum up a month."""
    days = list_current_attempts(month)
    return MonthFigures(
        month=month.month,
        days=len(days),
        live_days=sum(attempt.is_live for attempt in days),
        attempts=len(month.attempts),
        stopped=sum(attempt.verdict == "stopped" for attempt in month.attempts),
        received=sum(attempt.received for attempt in days),
        published=sum(attempt.published for attempt in days),
        rejected=sum(attempt.rejected for attempt in days),
    )


def render_month_page(month: Month) -> str:
    """Render the page of a month: trends, and all its attempts, newest first."""
    return render(
        "month.html", month=month.month, rows=month.attempts[::-1], drawings=draw_trends(list_current_attempts(month))
    )


def render_trends_page(index: Index) -> str:
    """Render the page over all months: stopped days first, since people come for these."""
    return render(
        "trends.html",
        months=index.months[::-1],
        recent=index.recent[::-1],
        stopped=index.stopped[::-1],
        drawings=draw_trends(index.recent),
    )


def draw_trends(days: Sequence[AttemptSummary]) -> list[Drawing]:
    """Return the lines that are drawn over these days."""
    shares = [day.rejected / day.received if day.received else None for day in days]
    return [
        _make_drawing("articles published", [day.published for day in days], "{:,.0f}"),
        _make_drawing("items received", [day.received for day in days], "{:,.0f}"),
        _make_drawing("share rejected", shares, "{:.1%}"),
        _make_drawing("checks failed", [day.critical + day.warning for day in days], "{:,.0f}"),
    ]


def _make_drawing(title: str, values: list[float | None] | list[int], form: str) -> Drawing:
    last = next((value for value in values[::-1] if value is not None), None)
    return Drawing(title, list(values), "–" if last is None else form.format(last))


def _without_month(attempts: Iterable[AttemptSummary], month: str) -> list[AttemptSummary]:
    return [attempt for attempt in attempts if attempt.dt[:7] != month]
