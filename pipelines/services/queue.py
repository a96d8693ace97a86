"""The queue that articles arrive on: leased in bulk, deleted only when landed."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipelines.errors import BadSetting, Unavailable
from pipelines.settings import Settings

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

T = TypeVar("T")
A_CALL = 10  # messages in one SQS call, by its rules
CALLS_AT_ONCE = 8  # a call takes some milliseconds of waiting and next to no work


@dataclass(frozen=True, slots=True)
class LeasedMessage:
    """A message that is ours until its visibility ends."""

    message_id: str
    body: str
    receipt: str
    sent_at: datetime
    dt: str | None = None  # the message attribute of that name: for history, also of what cannot be read


class Queue:
    """One SQS queue. Safe to share between threads. All methods raise Unavailable where it does not answer."""

    def __init__(self, settings: Settings, name: str | None) -> None:
        if not name:
            raise BadSetting("COPYDESK_QUEUE is not set")
        self.name = name
        self.client: SQSClient = boto3.client(
            "sqs",
            endpoint_url=settings.sqs_endpoint,
            region_name=settings.region,
            aws_access_key_id=settings.access_key_id,
            aws_secret_access_key=settings.secret,
            config=Config(
                retries={"mode": "standard", "max_attempts": 6},
                max_pool_connections=2 * CALLS_AT_ONCE,
                connect_timeout=10,
                read_timeout=40,
            ),
        )
        with self._calls():
            self.url = self.client.get_queue_url(QueueName=name)["QueueUrl"]

    def lease(self, at_most: int, seconds: int, wait: int = 0) -> list[LeasedMessage]:
        """Up to `at_most` messages, ours for `seconds`; an empty list where none were found.

        SQS asks only some of its servers, and may find none while there are some; with `wait` (seconds) it asks all.
        """
        calls = min(CALLS_AT_ONCE, at_most, max(2, -(-at_most // A_CALL)))
        sizes = [min(A_CALL, (at_most + call) // calls) for call in range(calls)]  # never more than asked for

        def receive(size: int) -> list[LeasedMessage]:
            with self._calls():
                answer = self.client.receive_message(
                    QueueUrl=self.url,
                    MaxNumberOfMessages=size,
                    VisibilityTimeout=seconds,
                    WaitTimeSeconds=wait,
                    MessageSystemAttributeNames=["SentTimestamp"],
                    MessageAttributeNames=["dt"],
                )
            return [
                LeasedMessage(
                    m["MessageId"],
                    m["Body"],
                    m["ReceiptHandle"],
                    _time(m["Attributes"]["SentTimestamp"]),
                    m["MessageAttributes"]["dt"].get("StringValue") if "dt" in m.get("MessageAttributes", {}) else None,
                )
                for m in answer.get("Messages", [])
            ]

        return [message for messages in _at_once(receive, sizes) for message in messages]

    def extend(self, messages: Sequence[LeasedMessage], seconds: int) -> None:
        """Keep the messages for `seconds` from now. One that is no longer ours is not an error: it will come again."""

        def change(group: Sequence[LeasedMessage]) -> None:
            entries = [
                {"Id": str(i), "ReceiptHandle": m.receipt, "VisibilityTimeout": seconds} for i, m in enumerate(group)
            ]
            with self._calls():
                self.client.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)  # type: ignore[arg-type]

        _at_once(change, _groups(messages))

    def delete(self, messages: Sequence[LeasedMessage]) -> None:
        """Take the messages off the queue; one that could not be deleted comes again, and is then known."""

        def remove(group: Sequence[LeasedMessage]) -> None:
            entries = [{"Id": str(i), "ReceiptHandle": m.receipt} for i, m in enumerate(group)]
            with self._calls():
                self.client.delete_message_batch(QueueUrl=self.url, Entries=entries)  # type: ignore[arg-type]

        _at_once(remove, _groups(messages))

    def send(self, body: str, dt: str | None = None) -> str:
        """Put a message on the queue, for history with the day that it counts for; returns its MessageId."""
        attributes = {"dt": {"DataType": "String", "StringValue": dt}} if dt else {}
        with self._calls():
            return self.client.send_message(QueueUrl=self.url, MessageBody=body, MessageAttributes=attributes)[  # type: ignore[arg-type]
                "MessageId"
            ]

    def depth(self) -> tuple[int, int]:
        """About how many messages wait, and how many are leased to somebody."""
        with self._calls():
            found = self.client.get_queue_attributes(
                QueueUrl=self.url,
                AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
            )["Attributes"]
        return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])

    @contextmanager
    def _calls(self) -> Iterator[None]:
        try:
            yield
        except self.client.exceptions.QueueDoesNotExist as error:
            raise BadSetting(f"there is no queue {self.name}") from error
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(f"queue {self.name}: {error}") from error


def _time(milliseconds: str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def _groups(values: Sequence[T]) -> list[Sequence[T]]:
    return [values[start : start + A_CALL] for start in range(0, len(values), A_CALL)]


def _at_once(call: Callable[[T], object], values: Sequence[T]) -> list:  # type: ignore[type-arg]
    with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
        return list(pool.map(call, values))
