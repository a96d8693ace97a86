"""How often tasks are tried again: often enough to outlast an outage of half an hour, and seldom where code is wrong.

A restart of Airflow costs each task that runs then a try, and so does each minute in which store or queue are away.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk.definitions.retry_policy import RetryDecision, RetryPolicy
from airflow.sdk.exceptions import AirflowException, AirflowRuntimeError

# AirflowRuntimeError: the API server does not answer the task, or not as it should.
MAY_PASS = (AirflowException, AirflowRuntimeError, OSError, MemoryError)
TRIES_OF_BUGS = 3  # a first one, and two more in case that it was no bug


class FewTriesForBugs(RetryPolicy):
    """Gives up early where a task raised what neither we nor a service says may pass by itself.

    _open_store in tasks.py turns our retryable errors into AirflowException, and the permanent ones into one that fails
    a task at once. A task that was killed raises nothing, so it has all its tries.
    """

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,  # noqa: ARG002  the signature is Airflow's
        context: Any = None,  # noqa: ARG002
    ) -> RetryDecision:
        """Fail after TRIES_OF_BUGS tries, unless the error may pass by itself."""
        may_pass = isinstance(exception, MAY_PASS)
        if may_pass or try_number < TRIES_OF_BUGS:
            return RetryDecision.default()
        return RetryDecision.fail(f"{type(exception).__name__} came {try_number} times: most likely a bug")


# Delays of 20, 40, 80 and then 120 s: the tries span half an hour.
OUTLAST_OUTAGES: dict[str, Any] = {
    "retries": 16,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=2),
    "retry_policy": FewTriesForBugs(),
}
