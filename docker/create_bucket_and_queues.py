"""Create the bucket and the queues that the settings name, if they are missing. Running it again is harmless.

For the emulators of docker-compose.yml. Ends only when an object can be written and read, since SeaweedFS responds
before it can store objects.
"""

import json
import sys
import time
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from pipelines.errors import CopydeskError
from pipelines.services.storage import Store
from pipelines.settings import Settings, load_settings

SENTINEL = ".ready"
SECONDS = 60  # SeaweedFS takes 4 s to be ready, and 20 s after a hard kill


def main() -> int:
    """Create everything, with repeated attempts while the services start; return the exit status."""
    settings = load_settings()
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            _create_bucket(settings)
            _create_queues(settings)
            return 0
        except (CopydeskError, ClientError, BotoCoreError) as error:
            if time.monotonic() > deadline:
                print(f"gave up after {SECONDS} s: {error}", file=sys.stderr)
                return 1
            time.sleep(1)


def _create_bucket(settings: Settings) -> None:
    s3 = Store(settings).client
    if settings.bucket not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=settings.bucket)
    s3.put_object(Bucket=settings.bucket, Key=SENTINEL, Body=b"ready")
    s3.get_object(Bucket=settings.bucket, Key=SENTINEL)["Body"].read()


def _create_queues(settings: Settings) -> None:
    if not settings.queue:
        return
    sqs: Any = boto3.client(  # the typed client wants each attribute as a literal
        "sqs",
        endpoint_url=settings.sqs_endpoint,
        region_name=settings.region,
        aws_access_key_id=settings.access_key_id,
        aws_secret_access_key=settings.secret,
    )
    dead_letters = {}
    if settings.dead_letter_queue:
        longest = {"MessageRetentionPeriod": "1209600"}  # 14 days, the most that SQS allows
        dead = sqs.create_queue(QueueName=settings.dead_letter_queue, Attributes=longest)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        dead_letters = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 10})}
    sqs.create_queue(QueueName=settings.queue, Attributes={"VisibilityTimeout": "120", **dead_letters})


if __name__ == "__main__":
    sys.exit(main())
