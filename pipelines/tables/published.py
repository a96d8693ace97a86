"""The tables that make up a release."""

from pipelines.tables.articles import ARTICLES
from pipelines.tables.checks import CHECKS
from pipelines.tables.contract import Table
from pipelines.tables.coverage import COVERAGE
from pipelines.tables.duplicates import DUPLICATES
from pipelines.tables.entities import ENTITIES
from pipelines.tables.measures import MEASURES
from pipelines.tables.quotes import QUOTES
from pipelines.tables.rejected import REJECTED

# In the order of publishing: `articles` last, so that a reader of new articles finds the rest.
PUBLISHED: tuple[Table, ...] = (DUPLICATES, REJECTED, COVERAGE, MEASURES, CHECKS, ENTITIES, QUOTES, ARTICLES)
