import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from pipelines.enrichments import one_thread as module
from pipelines.enrichments.one_thread import one_thread


def count_threads() -> list[int]:
    np.ones((2, 2)) @ np.ones((2, 2))
    return [pool["num_threads"] for pool in threadpool_info() if "numpy.libs" in pool["filepath"]]


def test_matrices_are_multiplied_on_one_thread_and_afterwards_on_as_many_as_before() -> None:
    with threadpool_limits(2):
        with one_thread():
            assert count_threads() == [1]
        assert count_threads() == [2]


def test_the_number_of_threads_is_restored_after_an_error() -> None:
    with threadpool_limits(2):
        with pytest.raises(ZeroDivisionError), one_thread():
            _ = 1 / 0
        assert count_threads() == [2]


def test_nothing_is_done_where_numpy_has_another_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_find_calls", lambda: None)
    with threadpool_limits(2), one_thread():
        assert count_threads() == [2]
