"""What every enricher promises."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.enrichments.enrichers import ENRICHERS, Enricher
from pipelines.tables.contract import UTC
from pipelines.tables.enriched.entities import FOUND_ENTITIES

LANGUAGES = st.sampled_from([None, "en", "de", "fr", "es", "it", "ru", "zh", "ja", "th", "ko", "pt-BR", "", "zz"])
PARTS = st.sampled_from(["a", "b'", "的", "国", "“", "?)", ".", "\n\n", "3.5", "É", "l'eau", "Mr."])
TEXTS = st.none() | st.text(max_size=400) | st.lists(PARTS, max_size=300).map(" ".join)
NAMES = ("item_id", "text", "title", "language", "published_zone")
SCHEMA = pa.schema([*((name, pa.string()) for name in NAMES), ("published_at", UTC), FOUND_ENTITIES[0].field])


def named(text: str | None) -> list[dict[str, Any]] | None:
    """A place and a person of three letters that stand at the start of the text, as enrichers before would."""
    if not text:
        return None if text is None else []
    mentions = [{"text": text[:3], "start": 0, "end": len(text[:3])}]
    told = {"name": text[:3], "mentions": mentions, "mention_count": 1, "salience_score": 0.5}
    return [{"kind": kind, **told} for kind in ("place", "person")]


def table(*rows: tuple[str | None, str | None, str | None]) -> pa.Table:
    told = [(str(index), text, *rest, None, None, named(text)) for index, (text, *rest) in enumerate(rows)]
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in told], SCHEMA)


@pytest.mark.parametrize("enricher", ENRICHERS, ids=lambda enricher: enricher.name)
class TestEveryEnricher:
    @settings(deadline=None)
    @given(rows=st.lists(st.tuples(TEXTS, TEXTS, LANGUAGES), max_size=4))
    def test_gives_its_own_columns_row_for_row_and_each_row_as_if_alone(
        self, enricher: Enricher, rows: list[Any]
    ) -> None:
        enriched = enricher.enrich(table(*rows))
        assert enriched.schema == enricher.schema
        assert enriched.to_pylist() == [enricher.enrich(table(row)).to_pylist()[0] for row in rows]

    def test_has_nothing_to_say_where_there_is_no_text(self, enricher: Enricher) -> None:
        assert set(enricher.enrich(table((None, "A title", "en"))).to_pylist()[0].values()) == {None}


# Half a minute of CPU for all patterns: a model reads them.
HEAVY = {"entities"}
EACH = [pytest.param(e, marks=pytest.mark.slow if e.name in HEAVY else (), id=e.name) for e in ENRICHERS]


# No enricher reads more than 200,000 characters at once; 15 s would be a minute for a megabyte.
BEYOND_EVERY_BOUND = 250_000


@pytest.mark.timeout(15)
@pytest.mark.parametrize("enricher", EACH)
@pytest.mark.parametrize(
    "pattern", ["a", "a ", "“", "?)", "你。", "的国人", "'", "a'", "1,", "\u0301", "\n", " ", "(a. "]
)
def test_a_text_beyond_every_bound_is_enriched_in_seconds(enricher: Enricher, pattern: str) -> None:
    assert enricher.enrich(table((pattern * (BEYOND_EVERY_BOUND // len(pattern)), None, "en"))).num_rows == 1


def test_names_are_unique_and_columns_too() -> None:
    columns = [column for enricher in ENRICHERS for column in enricher.schema.names]
    assert len(set(columns)) == len(columns)
