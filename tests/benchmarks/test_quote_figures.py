from benchmarks.quotes import Document, Gold, count_resolved, find_words

TEXT = "“The bridge is old,” said Anna Schmidt."
GOLD = Gold(0, 20, "direct", find_words(TEXT, 0, 20), ((26, 38),))
ROW = {"kind": "direct", "start": 1, "end": 19, "speaker": "Anna Schmidt", "entity": 0}


def test_a_resolved_speaker_counts_as_right_where_the_marked_source_bears_its_name() -> None:
    counts = count_resolved(Document("bridge", TEXT, (GOLD,)), [ROW], [{"name": "Anna Schmidt"}])
    assert counts == {"name": 1, "name resolved": 1, "name right": 1}


def test_a_speaker_that_is_resolved_to_another_one_does_not_count_as_right() -> None:
    counts = count_resolved(Document("bridge", TEXT, (GOLD,)), [ROW], [{"name": "Tom Hill"}])
    assert (counts["name resolved"], counts["name right"]) == (1, 0)
