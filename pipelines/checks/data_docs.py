"""A judged day → Great Expectations' own pages of it, on request: no release waits for them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.checks.judge import find_misfit, list_needed_columns, open_gx_context
from pipelines.checks.verdicts import Suite, get_table_name

# Of all that Data Docs load from elsewhere only the styles; their scripts only sort and fold.
DOCS_POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none';"
    " img-src 'self' data:; font-src 'self' https://cdnjs.cloudflare.com; style-src 'self' 'unsafe-inline'"
    ' https://maxcdn.bootstrapcdn.com https://cdnjs.cloudflare.com https://unpkg.com">'
)


def write_data_docs(suites: Sequence[Suite], tables: Mapping[str, pa.Table], folder: Path) -> None:
    """Great Expectations' own pages of what its suites say of these tables; `folder`/index.html leads to them.

    Its templates escape nothing: values of articles are left out (the report of a try has them), and a policy is put
    into each page that lets no script run and asks no host but those of its styles. An expectation that cannot be
    judged is not in them; the table `checks` says why.
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
        fit = [expectation for expectation in suite["expectations"] if find_misfit(expectation) is None]
        frame = table.select(list_needed_columns(fit, table) or table.column_names[:1]).to_pandas()
        definition = gx.ValidationDefinition(
            name=name,
            data=datasource.add_dataframe_asset(name).add_batch_definition_whole_dataframe("day"),
            suite=context.suites.add(gx.ExpectationSuite(name=name, expectations=fit)),
        )
        context.validation_definitions.add(definition).run(
            batch_parameters={"dataframe": frame},
            result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
        )
    context.build_data_docs()
    for page in folder.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        page.write_text(html.replace("<head>", f"<head>{DOCS_POLICY}", 1), encoding="utf-8")
