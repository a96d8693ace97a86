"""The assets that connect our DAGs with one another and with those of others."""

from airflow.sdk import Asset, AssetWatcher

from copydesk_airflow.triggers import QueueDepthTrigger

# Published days: each event carries the day as its partition key.
TABLES = Asset("copydesk/tables")

# Waiting messages. Level-triggered: an event is sent again while there are some, since Airflow may drop one.
WAITING = Asset("copydesk/waiting", watchers=[AssetWatcher(name="queue_depth", trigger=QueueDepthTrigger())])
