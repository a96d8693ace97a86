"""The additions to Airflow's UI. Found through the entry point `airflow.plugins`, or by ../copydesk_plugin.py."""

from airflow.plugins_manager import AirflowPlugin

from copydesk_airflow.pages import PREFIX, VIEW, ReportLink, app


class CopydeskPlugin(AirflowPlugin):
    """The reports in Airflow's UI: an entry in its menu, and a button on the task that validates a day."""

    name = "copydesk"
    fastapi_apps = [{"app": app, "url_prefix": PREFIX, "name": "Copydesk's reports"}]  # noqa: RUF012 - Airflow's way
    external_views = [VIEW]  # noqa: RUF012
    operator_extra_links = [ReportLink()]  # noqa: RUF012
