"""# copydesk_example_downstream

How to hang a DAG of your own on the tables: it runs once for each day that is published, with the day as its
partition key. This one counts the day's articles.
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
def copydesk_example_downstream():
    @task
    def count_articles(partition_key: str | None = None) -> int:
        from datetime import date

        from pipelines import settings
        from pipelines.releases.swap import read_head
        from pipelines.services.storage import Store

        head, _ = read_head(Store(settings.load_settings()), str(date.fromisoformat(partition_key)))
        return head.objects["articles"].row_count if head else 0

    count_articles()


copydesk_example_downstream()
