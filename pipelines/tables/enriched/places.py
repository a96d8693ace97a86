"""The location of the places that an article names."""

import pyarrow as pa

from pipelines.tables.contract import Column
from pipelines.tables.enriched.status import make_status_column

PLACE = pa.struct(
    [
        ("entity_index", pa.int32()),
        ("geoname_id", pa.int64()),
        ("country", pa.string()),
        ("admin1", pa.string()),
        ("latitude", pa.float64()),
        ("longitude", pa.float64()),
        ("place_score", pa.float64()),
    ]
)
FOUND_PLACES = (
    Column("places", pa.list_(PLACE), "The entities that are places in GeoNames, by their index."),
    make_status_column("places"),
)
