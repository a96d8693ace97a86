"""Serve the reports inside Airflow, to users who may read the DAG, and link to them from a task.

Airflow does not ask for a login before it hands a request to a plugin's app: `require_reader` does. Only the pages of
attempts and of trends are served, by day, release and month; nothing else in the bucket has an address here. The pages
hold text from outside, so besides the policy in the page itself the response forbids scripts, forms and foreign frames.
"""

import logging
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from airflow.sdk import BaseOperatorLink
from fastapi import Depends, FastAPI, HTTPException, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator
from starlette.exceptions import HTTPException as AnyHTTPException

if TYPE_CHECKING:
    from pipelines.services.storage import Store

log = logging.getLogger(__name__)

PREFIX, DAG = "/copydesk", "copydesk_daily"
VIEW = {
    "name": "Copydesk",
    "href": f"{PREFIX}/reports/index.html",
    "destination": "nav",
    "url_route": "copydesk",
    "nav_top_level": True,
}
LARGEST = 8 << 20  # bytes; more than twice what a page can have
# Without allow-scripts nothing runs; with allow-same-origin links keep the login, and Airflow's frame its address.
# Each page has one style, whose hash is in its own policy: the style of an older page may differ from ours.
HEADERS = {
    "Content-Security-Policy": "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
Day = Annotated[
    str, Path(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(lambda day: str(date.fromisoformat(day)))
]
Release = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Month = Annotated[str, Path(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


async def require_reader(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]
) -> None:
    """Require a user who is logged in to Airflow and may read the DAG."""
    # Airflow's API server has these; a task that only loads the plugin should not have to import them.
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagDetails
    from airflow.api_fastapi.core_api.security import get_user

    user = await get_user(request, None, bearer)
    if not get_auth_manager().is_authorized_dag(method="GET", user=user, details=DagDetails(id=DAG)):
        raise HTTPException(403)


app = FastAPI(
    title="Copydesk's reports", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(require_reader)]
)


@app.get("/reports/index.html")
def get_trends_page() -> Response:
    """Serve the page over all months."""
    from pipelines.paths import trends_page_key

    return _serve_page(trends_page_key(), "No day has been checked yet.")


@app.get("/reports/{month}.html")
def get_month_page(month: Month) -> Response:
    """Serve the page of a month."""
    from pipelines.paths import trends_page_key

    return _serve_page(trends_page_key(month), f"No day of {month} has been checked.")


@app.get("/attempts/dt={dt}/{release}/report.html")
def get_attempt_page(dt: Day, release: Release) -> Response:
    """Serve the page of an attempt."""
    from pipelines.paths import report_page_key

    absent = f"Release {release} of {dt} has not been checked, or another run was faster."
    return _serve_page(report_page_key(dt, release), absent)


@app.exception_handler(AnyHTTPException)
async def render_error(request: Request, error: AnyHTTPException) -> Response:
    """Render an error as a page that says what to do."""
    from pipelines.reports.pages.layout import render

    title, text = {
        401: ("Not logged in", "Log in to Airflow to see these pages."),
        403: ("Not allowed", f"To see these pages, your Airflow user needs permission to read the DAG {DAG}."),
        404: ("Page not found", error.detail if error.detail != "Not Found" else "There is no page at this address."),
        503: (
            "Not available now",
            "The object store does not respond; see the log of Airflow's API server.",
        ),
    }.get(error.status_code, ("Request failed", "Only pages of attempts and of trends can be read here."))
    root = request.scope.get("root_path", "")
    login = ("Log in", f"{root.removesuffix(PREFIX)}/auth/login")
    links = [login] if error.status_code == 401 else [("All attempts", f"{root}/reports/index.html")]
    html = render("message.html", title=title, text=text, links=links)
    return HTMLResponse(html, error.status_code, HEADERS)


@app.exception_handler(RequestValidationError)
async def render_not_found(request: Request, _: RequestValidationError) -> Response:
    """Render an address with a malformed day, release or month like one that does not exist."""
    return await render_error(request, AnyHTTPException(404))


def _serve_page(key: str, absent: str) -> Response:
    from pipelines.errors import CopydeskError, Missing

    try:
        page = _open_store().open(key)
        if page.size > LARGEST:
            raise HTTPException(404, f"{key} is too large to be a report page.")
        return HTMLResponse(page.stream.read(), headers=HEADERS)
    except Missing:
        raise HTTPException(404, absent) from None
    except CopydeskError as error:
        log.exception("could not read the page %s from the store", key)
        raise HTTPException(503) from error


@cache
def _open_store() -> "Store":
    from pipelines import settings
    from pipelines.services.storage import Store

    return Store(settings.load_settings())


def get_page_url(plan: str, origin: bool = False) -> str:
    """Return the URL of an attempt's page inside Airflow's frame; `plan` is the name that travels between tasks.

    With `origin` it begins with the address of Airflow's UI, if that is configured: logs turn such URLs into links.
    """
    from airflow.configuration import conf

    day, _, release = plan.partition("/")
    base = conf.get("api", "base_url", fallback="").rstrip("/")
    root = base if origin else urlsplit(base).path
    return f"{root}/plugin/{VIEW['url_route']}{PREFIX}/attempts/dt={day}/{release}/report.html"


class ReportLink(BaseOperatorLink):
    """A button on the task `validate`, to the page of the attempt, whether it passed or was stopped."""

    name = "Report"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002 - Airflow names it
        """Return the URL of the attempt that the task checks."""
        return get_page_url(operator.op_args[0])
