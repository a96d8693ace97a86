"""Start Great Expectations and ask it. Only this package knows GX and pandas; judge.py says what to ask.

Importing GX costs three to six seconds of CPU, so every import of it is inside a function.
"""

import logging
from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, Literal

from pipelines.checks.suites import Expectation

# While it is imported, it tells of 200 functions that its own documentation skips: in Airflow, a page of log a task.
logging.getLogger("great_expectations._docs_decorators").setLevel(logging.WARNING)

ResultFormat = Literal["BASIC", "COMPLETE"]  # COMPLETE lists the rows that fail
# (name of the suite, pandas frame, expectations, format) → GX's results, in an order of its own
Validate = Callable[[str, Any, Sequence[Expectation], ResultFormat], Sequence[Any]]


def open_gx_context() -> Any:
    """Open GX without a project, telemetry or progress bars, and with our own expectations."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    from pipelines.checks import expectations as own  # noqa: F401  (importing it makes GX know them)

    memoise_type_names()
    return gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            analytics_enabled=False,
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            progress_bars=ProgressBarsConfig(globally=False),
        ),
    )


def open_validator() -> Validate:
    """Open GX and return the function that judges a frame by some expectations."""
    import great_expectations as gx

    # One asset for all frames: GX writes the YAML of its project anew for each one that is added.
    asset = open_gx_context().data_sources.add_pandas("staged").add_dataframe_asset("judged")
    day = asset.add_batch_definition_whole_dataframe("day")

    def validate(
        name: str, frame: Any, expectations: Sequence[Expectation], result_format: ResultFormat
    ) -> Sequence[Any]:
        batch = day.get_batch({"dataframe": frame})
        # GX changes what it is given.
        configurations: Any = deepcopy(list(expectations))
        suite = gx.ExpectationSuite(name=name, expectations=configurations)
        results: Sequence[Any] = batch.validate(suite, result_format=result_format).results
        return results

    return validate


def find_definition_error(expectation: Expectation) -> str | None:
    """Return what is wrong with an expectation itself, whatever the table; None where it can be judged.

    A suite that is given one of an unknown type or severity only logs that and goes on without it.
    """
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    configuration: Any = deepcopy(expectation)
    try:
        ExpectationConfiguration(**configuration).to_domain_obj()
    except Exception as error:  # noqa: BLE001  of whatever kind it is, the check has failed and not the day
        return f"{type(error).__name__}: {error}"
    return None


def memoise_type_names() -> None:
    """Make GX derive `expect_…` from the name of a class once, not a hundred times for each expectation.

    This is the only place that changes GX. The function is pure, so verdicts cannot change (docs/decisions/0015);
    where a later GX has it no more, nothing is done.
    """
    from great_expectations.expectations import expectation

    name = "camel_to_snake"
    derive_type_name = getattr(expectation, name, None)
    if derive_type_name is not None and not hasattr(derive_type_name, "cache_info"):
        setattr(expectation, name, cache(derive_type_name))
