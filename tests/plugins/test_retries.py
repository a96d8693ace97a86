"""An outage is outlasted; an error that is no outage is not tried for half an hour."""

from datetime import timedelta

import pytest
from airflow.sdk.definitions.retry_policy import RetryAction
from airflow.sdk.exceptions import AirflowException, AirflowRuntimeError, ErrorType
from airflow.sdk.execution_time.comms import ErrorResponse
from copydesk_airflow.retries import OUTLAST_OUTAGES, TRIES_OF_BUGS, FewTriesForBugs

API_SERVER_IS_AWAY = AirflowRuntimeError(ErrorResponse(error=ErrorType.API_SERVER_ERROR))


@pytest.mark.parametrize(
    "error", [AirflowException("the store is away"), ConnectionError(), OSError(28, "disk full"), API_SERVER_IS_AWAY]
)
def test_what_may_pass_by_itself_has_all_its_tries(error: Exception) -> None:
    assert FewTriesForBugs().evaluate(error, 9, 10).action is RetryAction.DEFAULT


def test_what_looks_like_a_bug_has_few() -> None:
    answers = [FewTriesForBugs().evaluate(KeyError("text"), number, 10).action for number in (1, 2, TRIES_OF_BUGS)]
    assert answers == [RetryAction.DEFAULT, RetryAction.DEFAULT, RetryAction.FAIL]


def test_the_tries_span_more_than_twenty_minutes() -> None:
    first, longest = OUTLAST_OUTAGES["retry_delay"], OUTLAST_OUTAGES["max_retry_delay"]
    waits = [min(first * 2**number, longest) for number in range(OUTLAST_OUTAGES["retries"])]
    assert sum(waits, timedelta()) > timedelta(minutes=20)
