"""Lists in plain text: those of an archive go, those that the article consists of stay."""

from pipelines.cleaning.article import assemble_article
from pipelines.cleaning.texts.reading import read_lines
from pipelines.cleaning.texts.runs import find_alike, find_counted

ARCHIVE = ("March (12)", "February (9)", "2025", "January (31)")
TAGS = "animals bakery bench boats bridge camp church city council dance"
PROSE = (
    "The home care team registered a burglary last weekend: two computers, a printer and a box of bandages were taken."
)


def test_lines_with_counts_and_clouds_of_tags_are_found() -> None:
    assert find_counted(("Home", *ARCHIVE, "News", TAGS, PROSE)) == {1, 2, 3, 4, 6}
    assert find_counted(("Berlin (12)", PROSE, "Bonn (9)")) == frozenset()


def test_a_short_article_is_not_taken_for_the_tail_of_an_archive() -> None:
    lines = read_lines("\n".join(("Home", "Tags", TAGS, "Archive", *ARCHIVE, "Home care team robbed", PROSE, "Share")))
    assert assemble_article(lines).text == PROSE
    assert {line.reason for line in lines if line.text in ARCHIVE} <= {"counted", "dateline", "model"}


def test_lines_built_alike_below_a_kept_one_are_kept_together() -> None:
    races = [f"{n}. race: {n + 3} May – Bay {n}" for n in range(1, 6)]
    assert find_alike((PROSE, *races, "Contact"), (True, True, False, False, False, False, False)) == {2, 3, 4, 5}
    assert find_alike((PROSE, "Home", "News", "Sport"), (True, True, False, False)) == frozenset()
