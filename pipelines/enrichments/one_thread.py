"""Matrices multiplied on one thread.

For matrices of a few hundred rows, the library below numpy wakes a thread for every core, and these wait for one
another by spinning. Where others use the cores too, as several workers do, it may cost ten times the CPU.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec


@contextmanager
def one_thread() -> Iterator[None]:
    """Multiply on one thread in a block. Does nothing where numpy comes without its own OpenBLAS."""
    calls = _find_calls()
    if calls is None:
        yield
        return
    get, set_ = calls
    before = get()
    set_(1)
    try:
        yield
    finally:
        set_(before)


@cache
def _find_calls() -> tuple[Callable[[], int], Callable[[int], None]] | None:
    """Return what reads and sets the number of threads in the OpenBLAS that numpy's wheels have."""
    spec = find_spec("numpy._core._multiarray_umath")
    if spec is None or spec.origin is None:
        return None
    library = ctypes.CDLL(spec.origin)  # looks in the libraries that it needs too
    try:
        return library.scipy_openblas_get_num_threads64_, library.scipy_openblas_set_num_threads64_
    except AttributeError:
        return None
