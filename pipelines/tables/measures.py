"""measures: counts, shares and means of a day, and how far they are from the days before."""

import pyarrow as pa

from pipelines.tables.contract import Column, Table

ALL = "(all)"  # the day as a whole
KINDS = ("count", "share", "mean")
# How the names of measures begin that every column of a judged table has: `missing:articles.title`, and so on.
MISSING, REPEATED, ODD, RARE, VALUE = "missing:", "repeated:", "odd:", "rare:", "value:"

MEASURES = Table(
    name="measures",
    grain="One row per measure of the day as a whole, and of each source.",
    key=("measure", "source"),
    columns=(
        Column(
            "measure",
            pa.string(),
            "The name of the measure. Every column has some: `missing:articles.title`, the share of nulls; "
            "`repeated:articles.title`, the share of the most frequent value; `odd:articles.word_count`, the share of "
            "numbers far from those of their source; `rare:articles.language`, the share of values, or nulls, that are "
            "rare within their source; `value:rejected.reason=no_text`, the share of one value.",
            required=True,
        ),
        Column("source", pa.string(), f"The publisher; `{ALL}` for the day as a whole.", required=True),
        Column("kind", pa.string(), "Whether the value is a count, a share or a mean.", required=True, values=KINDS),
        Column("value", pa.float64(), "The count, share or mean; null where there is nothing to measure."),
        Column(
            "row_count",
            pa.int64(),
            "The number of rows behind a share or mean; for a count, the count itself.",
            required=True,
        ),
        Column(
            "noise", pa.float64(), "Standard deviation of the value by chance alone, on the scale it is compared on."
        ),
        Column(
            "expected", pa.float64(), "Expected value from the previous 28 days, weighted towards the same weekday."
        ),
        Column(
            "deviation",
            pa.float64(),
            "How many standard deviations the value is above `expected`; null with fewer than 7 days.",
        ),
        Column("day_count", pa.int64(), "How many of the previous 28 days have the measure.", required=True),
    ),
    notes="The expected value is a median, on the scales 2√x for counts and 2·arcsin √p for shares, on which chance "
    "has the same spread for all values. A share is compared by its binomial deviance from it, a mean as it is. The "
    "standard deviation combines chance and the differences between the days before.",
)
