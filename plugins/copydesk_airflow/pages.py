"""The reports inside of Airflow: what validate wrote, served to who may read the DAG, and the way there from a task.

Airflow asks nobody for a login before it hands a request to a plugin's app: `reader` does. Only the pages of tries and
of trends are served, by day, release and month; nothing else in the bucket has an address here. They hold text from
outside, so besides the policy in the page itself the answer forbids scripts, forms and being framed by others.
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
# Each page has one style, whose hash is in its own policy: an older page has another than ours.
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


async def reader(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]
) -> None:
    """Let pass who is logged in to Airflow and may read the DAG; everybody else is told so."""
    # Airflow's API server has these; a task that only loads the plugin should not have to import them.
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagDetails
    from airflow.api_fastapi.core_api.security import get_user

    user = await get_user(request, None, bearer)
    if not get_auth_manager().is_authorized_dag(method="GET", user=user, details=DagDetails(id=DAG)):
        raise HTTPException(403)


app = FastAPI(
    title="Copydesk's reports", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(reader)]
)


@app.get("/reports/index.html")
def trends() -> Response:
    from pipelines.paths import trends_page_key

    return _page(trends_page_key(), "nothing has been judged yet")


@app.get("/reports/{month}.html")
def month_of_trends(month: Month) -> Response:
    from pipelines.paths import trends_page_key

    return _page(trends_page_key(month), f"nothing was judged of {month}")


@app.get("/attempts/dt={dt}/{release}/report.html")
def try_of_a_day(dt: Day, release: Release) -> Response:
    from pipelines.paths import report_page_key

    return _page(report_page_key(dt, release), f"release {release} of {dt} was never judged, or another run was faster")


@app.exception_handler(AnyHTTPException)
async def told(request: Request, error: AnyHTTPException) -> Response:
    """What went wrong, as a page."""
    from pipelines.reports.pages.layout import render

    title, text = {
        401: ("Not logged in", "These pages are for who is logged in to Airflow."),
        403: ("Not allowed", f"These pages are for who may read the DAG {DAG}."),
        404: ("No such page", error.detail if error.detail != "Not Found" else "There is nothing at this address."),
        503: ("Not now", "The object store does not answer as it should; the log of Airflow's API server says more."),
    }.get(error.status_code, ("That did not work", "Only pages of tries and of trends can be fetched here."))
    root = request.scope.get("root_path", "")
    login = ("Log in", f"{root.removesuffix(PREFIX)}/auth/login")
    links = [login] if error.status_code == 401 else [("All tries", f"{root}/reports/index.html")]
    html = render("message.html", title=title, text=text, links=links)
    return HTMLResponse(html, error.status_code, HEADERS)


@app.exception_handler(RequestValidationError)
async def no_such_name(request: Request, _: RequestValidationError) -> Response:
    return await told(request, AnyHTTPException(404))


def _page(key: str, absent: str) -> Response:
    from pipelines.errors import CopydeskError, Missing

    try:
        opened = _store().open(key)
        if opened.size > LARGEST:
            raise HTTPException(404, f"{key} is too large to be a page of ours")
        return HTMLResponse(opened.stream.read(), headers=HEADERS)
    except Missing:
        raise HTTPException(404, absent) from None
    except CopydeskError as error:
        log.exception("no page could be fetched from the store")
        raise HTTPException(503) from error


@cache
def _store() -> "Store":
    from pipelines import settings
    from pipelines.services.storage import Store

    return Store(settings.load_settings())


def view_of(plan: str, origin: bool = False) -> str:
    """Where the page of a try is inside of Airflow's frame; `plan` is what travels between tasks.

    With `origin` it begins with the address of Airflow's UI, where Airflow is told that: logs make links of such.
    """
    from airflow.configuration import conf

    day, _, release = plan.partition("/")
    base = conf.get("api", "base_url", fallback="").rstrip("/")
    within = base if origin else urlsplit(base).path
    return f"{within}/plugin/{VIEW['url_route']}{PREFIX}/attempts/dt={day}/{release}/report.html"


class ReportLink(BaseOperatorLink):
    """A button on the task that judges: the page of the try, however it ended."""

    name = "Report"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002 - Airflow names it
        return view_of(operator.op_args[0])
