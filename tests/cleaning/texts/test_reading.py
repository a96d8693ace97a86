"""Lines of plain text are told apart, and none is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.cleaning.article import assemble_article
from pipelines.cleaning.labels import BY_RULE, LABELS
from pipelines.cleaning.text import tidy_text
from pipelines.cleaning.texts.hints import Hint, ScoredText, learn_hints
from pipelines.cleaning.texts.lines import get_line_key
from pipelines.cleaning.texts.reading import KEEP, read_lines

ARTICLE = (
    "Harbour Bridge Closes for Repairs Until Spring",
    "PORTSMOUTH — The harbour bridge was closed to traffic on Monday after engineers found cracks in two pillars.",
    "The council said that repairs would take until spring, and that a ferry would carry people across the harbour.",
    "“We could not wait any longer,” said the engineer Mary Dalton, who had inspected the pillars in June.",
    "Shops on the harbour fear for their trade. The council promised them help, but did not say how much or when.",
    "Engineers will begin with the northern pillars, which carry the older half of the bridge, the council said.",
)


def test_the_headline_the_dateline_and_the_paragraphs_of_an_article_are_told_apart() -> None:
    lines = read_lines("\n\n".join(("Log in", *ARTICLE, "Read more")))
    found = assemble_article(lines)
    assert [line.text for line in lines if line.label == "headline"] == [ARTICLE[0]]
    assert found.text == "\n\n".join(ARTICLE[1:])
    assert found.dateline is not None
    assert found.text[found.dateline.start : found.dateline.end] == "PORTSMOUTH"
    assert [line.text for line in found.removed] == ["Log in", ARTICLE[0], "Read more"]


def test_a_text_without_prose_is_kept() -> None:
    assert {line.label for line in read_lines("a\nb\nc")} == {"body"}


def test_a_list_that_a_sentence_introduces_is_kept_down_to_the_next_prose() -> None:
    names = [f"{name} Pier" for name in ("North", "South", "Old", "Mill", "Quay", "Long", "Salt", "Bell")]
    found = read_lines("\n\n".join((*ARTICLE, "These are the piers that stay closed until spring:", *names)))
    assert [line.text for line in found if line.is_kept][-len(names) :] == names


def test_links_that_change_are_removed_where_other_texts_have_links() -> None:
    """Below `More news` each page of the source names other articles, as long as sentences."""
    links = [f"Ferry number {word} carries more people than before" for word in ("one", "two", "three", "four", "five")]
    keys = [[get_line_key(line) for line in (*ARTICLE, "More news", link, "Imprint")] for link in links]
    repeats = {"more news": 1.0, "imprint": 1.0}
    scores = [*[0.95] * len(ARTICLE), 0.05, 0.1, 0.05]
    hints = learn_hints([ScoredText(own, [100] * len(own), scores) for own in keys], repeats)
    new = "The market square gets new trees before the summer"
    found = read_lines("\n\n".join((*ARTICLE, "More news", new, "Imprint")), repeats, hints)
    assert assemble_article(found).text == "\n\n".join(ARTICLE[1:])
    assert {line.reason for line in found if line.text == new} == {"hints"}


def test_a_profile_leaves_no_text_empty() -> None:
    repeats = {get_line_key(line): 0.6 for line in ARTICLE[2:4]}
    assert assemble_article(read_lines("\n\n".join(ARTICLE[2:4]), repeats)).text == "\n\n".join(ARTICLE[2:4])


def test_what_is_removed_says_how_sure_that_is() -> None:
    appeal = "Please give what you can, so that we can go on telling you what those in charge keep to themselves."
    text = "\n\n".join((*ARTICLE[:1], "By Ann Hollis", *ARTICLE[1:], appeal, "Read more"))
    removed = {line.text: line for line in assemble_article(read_lines(text, {get_line_key(appeal): 0.6})).removed}
    assert removed[appeal].score == 0.6  # the share of documents that repeat it
    assert removed["By Ann Hollis"].score == removed[ARTICLE[0]].score == BY_RULE
    assert removed["Read more"].score > 1 - KEEP  # the model's probability that it is not of the article


@settings(max_examples=40)
@given(
    st.text(),
    st.dictionaries(st.text(max_size=5), st.floats(0, 1), max_size=3),
    st.dictionaries(st.text(max_size=5), st.builds(Hint, st.floats(0, 1), st.floats(0, 1)), max_size=3),
)
def test_no_word_is_lost_and_every_label_is_known(text: str, repeats: dict[str, float], hints: dict[str, Hint]) -> None:
    found = read_lines(tidy_text(text), repeats, hints)
    assert " ".join(line.text for line in found).split() == tidy_text(text).split()
    assert all(line.label in LABELS and line.text and 0 <= line.confidence <= 1 for line in found)
