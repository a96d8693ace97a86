"""The assets that join our DAGs to one another and to those of others."""

from airflow.sdk import Asset, AssetWatcher

from copydesk_airflow.triggers import QueueDepthTrigger

# Published days: each event carries the day as its partition key.
TABLES = Asset("copydesk/tables")

# Messages that wait. Level-triggered: sent again while there are some, since Airflow may drop an event.
WAITING = Asset("copydesk/waiting", watchers=[AssetWatcher(name="queue_depth", trigger=QueueDepthTrigger())])
