"""Make the bucket and the queues that the settings name, where they are missing; doing it again changes nothing.

For the emulators of docker-compose.yml. Ends only when an object could be written and read, since SeaweedFS answers
before it can store.
"""

import json
import sys
import time
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from pipelines import settings
from pipelines.errors import CopydeskError
from pipelines.services.storage import Store
from pipelines.settings import Settings

SENTINEL = ".ready"
SECONDS = 60  # SeaweedFS takes 4 s to be ready, and 20 s after a hard kill


def main() -> int:
    found = settings.load_settings()
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            _make_bucket(found)
            _make_queues(found)
            return 0
        except (CopydeskError, ClientError, BotoCoreError) as error:
            if time.monotonic() > deadline:
                print(error, file=sys.stderr)
                return 1
            time.sleep(1)


def _make_bucket(found: Settings) -> None:
    s3 = Store(found).client
    if found.bucket not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=found.bucket)
    s3.put_object(Bucket=found.bucket, Key=SENTINEL, Body=b"ready")
    s3.get_object(Bucket=found.bucket, Key=SENTINEL)["Body"].read()


def _make_queues(found: Settings) -> None:
    if not found.queue:
        return
    sqs: Any = boto3.client(  # typed, it would want each attribute as a literal
        "sqs",
        endpoint_url=found.sqs_endpoint,
        region_name=found.region,
        aws_access_key_id=found.access_key_id,
        aws_secret_access_key=found.secret,
    )
    redrive = {}
    if found.dead_letter_queue:
        longest = {"MessageRetentionPeriod": "1209600"}  # 14 days, the most that SQS allows
        dead = sqs.create_queue(QueueName=found.dead_letter_queue, Attributes=longest)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 10})}
    sqs.create_queue(QueueName=found.queue, Attributes={"VisibilityTimeout": "120", **redrive})


if __name__ == "__main__":
    sys.exit(main())
