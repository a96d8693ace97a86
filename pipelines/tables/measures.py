"""measures: what a day is like, and how far that is from the days before."""

import pyarrow as pa

from pipelines.tables.contract import Column, Table

ALL = "(all)"  # the day as a whole
KINDS = ("count", "share", "mean")
# Beginnings of the names of measures that each column of a judged table has: `missing:articles.title`, and so on.
MISSING, REPEATED, ODD, RARE, VALUE = "missing:", "repeated:", "odd:", "rare:", "value:"

MEASURES = Table(
    name="measures",
    grain="One row per measure of the day as a whole, and of each source.",
    key=("measure", "source"),
    columns=(
        Column(
            "measure",
            pa.string(),
            "What is measured. Of every column `missing:articles.title`, the share of nulls; "
            "`repeated:articles.title`, of the commonest value; `odd:articles.word_count`, of numbers far from those "
            "of their source; `rare:articles.language`, of values, or nulls, that hardly a row of their source has; "
            "`value:rejected.reason=no_text`, of one value.",
            required=True,
        ),
        Column("source", pa.string(), f"The publisher; `{ALL}` for the day as a whole.", required=True),
        Column("kind", pa.string(), "What the value is.", required=True, values=KINDS),
        Column("value", pa.float64(), "The count, share or mean; null where there is nothing to measure."),
        Column("row_count", pa.int64(), "Of how many rows it is a share or mean; a count's own value.", required=True),
        Column(
            "noise", pa.float64(), "Standard deviation that chance alone gives the value, on the scale it is judged on."
        ),
        Column("expected", pa.float64(), "What the days before let expect, this weekday's more than others."),
        Column("deviation", pa.float64(), "How many standard deviations the value is above that; null below 7 days."),
        Column("day_count", pa.int64(), "How many of the 28 days before have it.", required=True),
    ),
    notes="What is usual is a median, on the scales 2√x for counts and 2·arcsin √p for shares, where chance spreads "
    "all values alike; a share is judged by its binomial deviance from that, a mean as it is. A deviation weighs what "
    "chance alone does against how much the days before differ.",
)
