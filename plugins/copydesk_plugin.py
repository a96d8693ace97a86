"""Register Copydesk where it is not installed as a package: Airflow loads this file from its plugins folder.

An installed Copydesk registers through its entry point, and Airflow complains about a plugin that it finds twice. The
package beside this file is imported by name; .airflowignore keeps the loader out of it.
"""

from importlib.metadata import entry_points

if not entry_points(group="airflow.plugins", name="copydesk"):
    from copydesk_airflow.plugin import CopydeskPlugin

    __all__ = ["CopydeskPlugin"]
