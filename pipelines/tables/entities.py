"""entities: the people, organisations, places and events that articles name, and where the places are."""

import pyarrow as pa

from pipelines.tables.contract import Column, Table
from pipelines.tables.enriched.entities import KINDS, MENTION
from pipelines.tables.items import ITEMS

_CLEAN = {column.name: column for column in ITEMS.columns}

ENTITIES = Table(
    name="entities",
    grain="One row per person, organisation, place or event that an article names.",
    key=("item_id", "entity_index"),
    columns=(
        _CLEAN["item_id"],
        Column("entity_index", pa.int32(), "Position among the entities of the article, from 0.", required=True),
        Column("article_id", pa.string(), _CLEAN["article_id"].doc, required=True),
        Column("kind", pa.string(), "The kind of entity; `other` is an event.", required=True, values=KINDS),
        Column("name", pa.string(), "The fullest form of its name in the article.", required=True),
        Column("mentions", pa.list_(MENTION), "Where it is named: the words, and their offsets into `text`."),
        Column("mention_count", pa.int32(), "How often it is named.", required=True, between=(1, 1_000_000)),
        Column("salience_score", pa.float64(), "How much the article is about it.", required=True, between=(0, 1)),
        Column(
            "geoname_id",
            pa.int64(),
            "The id of the place in GeoNames; null where it is not a place, or not a certain one.",
        ),
        Column("country", pa.string(), "The country of the place (ISO 3166-1 alpha-2).", pattern="[A-Z]{2}"),
        Column("admin1", pa.string(), "The GeoNames code of its first-level division."),
        Column("latitude", pa.float64(), "Degrees north (WGS 84).", between=(-90, 90)),
        Column("longitude", pa.float64(), "Degrees east (WGS 84).", between=(-180, 180)),
        Column("place_score", pa.float64(), "Confidence in the place.", between=(0, 1)),
    ),
    notes="Only of published articles: `entities_status` and `places_status` in `articles` say whether the enrichers "
    "ran. Places are those of [GeoNames](https://www.geonames.org/) (CC BY 4.0).",
)
