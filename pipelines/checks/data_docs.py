"""A day as the checks see it → Great Expectations' own pages of it (Data Docs), on request: no release needs them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.checks.gx import find_definition_error, open_gx_context
from pipelines.checks.judge import list_needed_columns
from pipelines.checks.suites import Suite, get_table_name

# Data Docs load styles and scripts from other hosts. Only the styles are allowed: the scripts just sort and fold.
DOCS_POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none';"
    " img-src 'self' data:; font-src 'self' https://cdnjs.cloudflare.com; style-src 'self' 'unsafe-inline'"
    ' https://maxcdn.bootstrapcdn.com https://cdnjs.cloudflare.com https://unpkg.com">'
)


def write_data_docs(suites: Sequence[Suite], tables: Mapping[str, pa.Table], folder: Path) -> None:
    """Judge the tables by the suites and write Data Docs of the results; start at `folder`/index.html.

    Their templates escape nothing. So values of articles are left out (the report of an attempt has them), and each
    page gets a policy that runs no script and asks no hosts but those of its styles. An expectation that cannot be
    judged is left out; the table `checks` has its error.
    """
    import great_expectations as gx

    context = open_gx_context()
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())}
    site: Any = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": backend,
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    context.add_data_docs_site(site_name="release", site_config=site)
    datasource = context.data_sources.add_pandas("staged")
    for suite in suites:
        name, table = suite["name"], tables[get_table_name(suite["name"])]
        sound: list[Any] = [
            expectation for expectation in suite["expectations"] if find_definition_error(expectation) is None
        ]
        frame = table.select(list_needed_columns(sound, table) or table.column_names[:1]).to_pandas()
        definition = gx.ValidationDefinition(
            name=name,
            data=datasource.add_dataframe_asset(name).add_batch_definition_whole_dataframe("day"),
            suite=context.suites.add(gx.ExpectationSuite(name=name, expectations=sound)),
        )
        context.validation_definitions.add(definition).run(
            batch_parameters={"dataframe": frame},
            result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
        )
    context.build_data_docs()
    for page in folder.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        page.write_text(html.replace("<head>", f"<head>{DOCS_POLICY}", 1), encoding="utf-8")
