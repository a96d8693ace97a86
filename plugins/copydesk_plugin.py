"""Registers Copydesk with Airflow. The package beside it is imported by name; .airflowignore keeps the loader out."""

from airflow.plugins_manager import AirflowPlugin


class CopydeskPlugin(AirflowPlugin):
    """Makes the plugin visible in the UI; its page comes with the reports."""

    name = "copydesk"
