"""The queue: messages are leased, kept, given back and deleted."""

from datetime import timedelta

import pytest

from pipelines.errors import BadSetting, Unavailable
from pipelines.services.queue import Queue
from pipelines.settings import Settings, read_settings
from tests.conftest import now

pytestmark = pytest.mark.services


def leased(queue: Queue, at_most: int = 100, seconds: int = 60) -> list[str]:
    return sorted(message.body for message in queue.lease(at_most, seconds))


def test_a_message_is_leased_with_its_id_its_time_and_its_day(queue: Queue) -> None:
    name = queue.send("one ü", dt="2026-03-02")
    (message,) = queue.lease(10, 60)
    assert (message.message_id, message.body, message.dt) == (name, "one ü", "2026-03-02")
    assert abs(message.sent_at - now()) < timedelta(minutes=1)


def test_a_message_without_a_day_has_none(queue: Queue) -> None:
    queue.send("one")
    assert [message.dt for message in queue.lease(10, 60)] == [None]


def test_what_is_leased_is_not_leased_again_and_counts_as_leased(queue: Queue) -> None:
    queue.send("one")
    queue.send("two")
    assert queue.depth() == (2, 0)
    assert leased(queue) == ["one", "two"]
    assert leased(queue) == []
    assert queue.depth() == (0, 2)


@pytest.mark.parametrize("at_most", [1, 2, 5, 11, 25])
def test_never_more_than_asked_for_are_leased(queue: Queue, at_most: int) -> None:
    for number in range(30):
        queue.send(str(number))
    assert len(queue.lease(at_most, 60)) == at_most


def test_many_are_leased_at_once(queue: Queue) -> None:
    for number in range(85):
        queue.send(f"{number:02}")
    assert len(queue.lease(500, 60)) == 80  # eight calls of ten
    assert len(queue.lease(500, 60)) == 5


def test_what_is_deleted_is_gone(queue: Queue) -> None:
    for number in range(12):
        queue.send(str(number))
    messages = queue.lease(100, 60)
    queue.delete(messages)
    assert queue.depth() == (0, 0)
    queue.delete(messages)  # again, which does not matter


def test_a_lease_given_up_brings_the_message_back_as_the_same(queue: Queue) -> None:
    name = queue.send("one")
    first = queue.lease(10, 60)
    queue.extend(first, 0)
    (again,) = queue.lease(10, 60)
    assert (again.message_id, again.sent_at) == (name, first[0].sent_at)


def test_nothing_to_delete_or_to_keep_is_no_call(queue: Queue) -> None:
    queue.delete([])
    queue.extend([], 60)


def test_an_empty_queue_leases_nothing(queue: Queue) -> None:
    assert queue.lease(10, 60) == []


def test_an_unknown_queue_is_a_bad_setting(settings: Settings) -> None:
    with pytest.raises(BadSetting, match="no-such-queue"):
        Queue(settings, "no-such-queue")


def test_a_queue_without_a_name_is_a_bad_setting(settings: Settings) -> None:
    with pytest.raises(BadSetting, match="COPYDESK_QUEUE"):
        Queue(settings, None)


def test_a_queue_that_does_not_answer_is_unavailable(env: dict[str, str]) -> None:
    with pytest.raises(Unavailable):
        Queue(read_settings(env | {"COPYDESK_SQS_ENDPOINT": "http://127.0.0.1:9"}), "q")
