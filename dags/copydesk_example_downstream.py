"""# copydesk_example_downstream

An example of a DAG of your own that depends on the tables. It runs once for each day that is published, with the day
as its partition key. This one counts the articles of the day.
"""

from airflow.sdk import PartitionedAssetTimetable, dag, task
from copydesk_airflow.assets import TABLES


@dag(
    schedule=PartitionedAssetTimetable(assets=TABLES),
    catchup=False,
    max_active_runs=4,
    doc_md=__doc__,
    tags=["example"],
)
def copydesk_example_downstream() -> None:
    @task
    def count_articles(partition_key: str | None = None) -> int:
        from pipelines import settings
        from pipelines.releases.swap import read_head
        from pipelines.services.storage import Store

        if partition_key is None:
            raise ValueError("this run has no partition key; give it the day, as YYYY-MM-DD")
        head, _ = read_head(Store(settings.load_settings()), partition_key)
        return head.count_rows("articles") if head else 0

    count_articles()


copydesk_example_downstream()
