"""The queue on which articles arrive: messages are leased in bulk, and deleted only when landed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipelines.errors import BadSetting, Unavailable
from pipelines.settings import Settings

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

Value = TypeVar("Value")
Result = TypeVar("Result")
BATCH_LIMIT = 10  # messages in one SQS call, by its rules
PARALLEL_CALLS = 8  # a call takes some milliseconds of waiting and next to no work


@dataclass(frozen=True, slots=True)
class LeasedMessage:
    """A message that no other reader gets until its lease ends."""

    message_id: str
    body: str
    receipt: str
    sent_at: datetime
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def dt(self) -> str | None:
        """The message attribute of that name: for history, also with an unreadable body."""
        return self.attributes.get("dt")


class QueueDepth(NamedTuple):
    """About how many messages wait, and how many are leased to a reader."""

    waiting: int
    leased: int


class Queue:
    """One SQS queue. Safe to share between threads. All methods raise Unavailable if it does not answer."""

    def __init__(self, settings: Settings, name: str | None, attempts: int = 6) -> None:
        """Connect to the queue of this name; each call is attempted so many times.

        Raises BadSetting if there is none, or no name.
        """
        if not name:
            raise BadSetting("COPYDESK_QUEUE is not set; set it to the name of the queue")
        self.name = name
        self.client: SQSClient = boto3.client(
            "sqs",
            endpoint_url=settings.sqs_endpoint,
            region_name=settings.region,
            aws_access_key_id=settings.access_key_id,
            aws_secret_access_key=settings.secret,
            config=Config(
                retries={"mode": "standard", "max_attempts": attempts},
                max_pool_connections=2 * PARALLEL_CALLS,
                connect_timeout=10,
                read_timeout=40,
            ),
        )
        with self._calls():
            self.url = self.client.get_queue_url(QueueName=name)["QueueUrl"]

    def lease(self, at_most: int, seconds: int, wait: int = 0) -> list[LeasedMessage]:
        """Lease up to `at_most` messages for `seconds`; an empty list if none were found.

        SQS asks only some of its servers, and may miss messages; with `wait` (seconds) it asks all.
        """
        calls = min(PARALLEL_CALLS, at_most, max(2, -(-at_most // BATCH_LIMIT)))
        sizes = [min(BATCH_LIMIT, (at_most + call) // calls) for call in range(calls)]  # never more than asked for

        def receive(size: int) -> list[LeasedMessage]:
            with self._calls():
                answer = self.client.receive_message(
                    QueueUrl=self.url,
                    MaxNumberOfMessages=size,
                    VisibilityTimeout=seconds,
                    WaitTimeSeconds=wait,
                    MessageSystemAttributeNames=["SentTimestamp"],
                    MessageAttributeNames=["All"],
                )
            return [
                LeasedMessage(
                    m["MessageId"],
                    m["Body"],
                    m["ReceiptHandle"],
                    _parse_time(m["Attributes"]["SentTimestamp"]),
                    _read_attributes(m.get("MessageAttributes", {})),
                )
                for m in answer.get("Messages", [])
            ]

        return [message for messages in _map_parallel(receive, sizes) for message in messages]

    def extend(self, messages: Sequence[LeasedMessage], seconds: int) -> None:
        """Extend the lease to `seconds` from now. A message whose lease has ended is no error: it comes again."""

        def change(group: Sequence[LeasedMessage]) -> None:
            entries = [
                {"Id": str(i), "ReceiptHandle": m.receipt, "VisibilityTimeout": seconds} for i, m in enumerate(group)
            ]
            with self._calls():
                self.client.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)  # type: ignore[arg-type]

        _map_parallel(change, _chunked(messages))

    def delete(self, messages: Sequence[LeasedMessage]) -> None:
        """Delete the messages; one that could not be deleted comes again, and is then known by its id."""

        def remove(group: Sequence[LeasedMessage]) -> None:
            entries = [{"Id": str(i), "ReceiptHandle": m.receipt} for i, m in enumerate(group)]
            with self._calls():
                self.client.delete_message_batch(QueueUrl=self.url, Entries=entries)  # type: ignore[arg-type]

        _map_parallel(remove, _chunked(messages))

    def send(self, body: str, dt: str | None = None) -> str:
        """Send a message, for history with the day that it counts for; return its MessageId."""
        attributes = {"dt": {"DataType": "String", "StringValue": dt}} if dt else {}
        with self._calls():
            return self.client.send_message(QueueUrl=self.url, MessageBody=body, MessageAttributes=attributes)[  # type: ignore[arg-type]
                "MessageId"
            ]

    def depth(self) -> QueueDepth:
        """Return about how many messages wait, and how many are leased."""
        with self._calls():
            attributes = self.client.get_queue_attributes(
                QueueUrl=self.url,
                AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
            )["Attributes"]
        return QueueDepth(
            int(attributes["ApproximateNumberOfMessages"]), int(attributes["ApproximateNumberOfMessagesNotVisible"])
        )

    @contextmanager
    def _calls(self) -> Iterator[None]:
        """Translate the errors of SQS into ours."""
        try:
            yield
        except self.client.exceptions.QueueDoesNotExist as error:
            raise BadSetting(f"queue {self.name} does not exist; create it, or correct COPYDESK_QUEUE") from error
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(
                f"queue {self.name}: {error}; check that the queue service runs, and COPYDESK_SQS_ENDPOINT"
            ) from error


def _parse_time(milliseconds: str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def _chunked(values: Sequence[Value]) -> list[Sequence[Value]]:
    """Cut values into chunks of BATCH_LIMIT."""
    return [values[start : start + BATCH_LIMIT] for start in range(0, len(values), BATCH_LIMIT)]


def _map_parallel(call: Callable[[Value], Result], values: Sequence[Value]) -> list[Result]:
    """Call a function with each of the values, several at a time; return the results in order."""
    with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
        return list(pool.map(call, values))


def _read_attributes(attributes: Mapping[str, Any]) -> dict[str, str]:
    """Return the attributes of a message that are text."""
    return {name: value["StringValue"] for name, value in attributes.items() if "StringValue" in value}
