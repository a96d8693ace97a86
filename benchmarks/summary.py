"""Summaries beside the first sentences, against what papers themselves say of their articles.

    python -m benchmarks summary [--part held_out]

The reference is the description that a page of wcxb_dev or fundus_eval gives of itself, where it has ten words or more
and is not copied from the article's opening. Scored by F1 of single words and of pairs of words (ROUGE-1, ROUGE-2;
Lin 2004), stems aside; each summary has as many sentences as ours. Descriptions are short and of a kind of their own:
the figures compare summaries, they do not say how good one is.
"""

import time

from benchmarks.pages import load
from benchmarks.scores import f1, mean_interval, overlap, tokens
from pipelines.cleaning import clean_html
from pipelines.enrichments.sentences import split_sentences
from pipelines.enrichments.summary import summarise

MIN_WORDS = 10
COPIED = 0.8  # of a description's pairs of words in the article's opening
OPENING = 3  # descriptions long


def load_documents(part: str) -> list[tuple[str, str | None, str | None, str]]:
    """Return (text, title, language, description) of the pages that describe themselves in words of their own."""
    found = []
    for page in [*load("wcxb_dev", part), *load("fundus_eval", part)]:
        cleaned = clean_html(page.body, url=page.url)
        if not cleaned.text or not cleaned.lead or len(tokens(cleaned.lead)) < MIN_WORDS:
            continue
        opening = cleaned.text[: OPENING * len(cleaned.lead)].casefold()
        if overlap(opening, cleaned.lead.casefold(), 2)[1] < COPIED:
            found.append((cleaned.text, cleaned.title, cleaned.language, cleaned.lead))
    return found


def take_first(text: str, language: str | None, count: int) -> str:
    """Return the first sentences."""
    return " ".join([text[a:b] for a, b in split_sentences(text, language)][:count])


def measure(part: str) -> dict[str, float]:
    """Print a line a summary; return ours, and its gain on the first sentences."""
    given = load_documents(part)
    began = time.process_time()
    ours = [summarise(text, title, language) for text, title, language, _ in given]
    spent = time.process_time() - began
    counts = [len(summary) if isinstance(summary, list) else 0 for summary in ours]
    summaries: dict[str, list[str]] = {
        "copydesk": [" ".join(s["text"] for s in rows) if isinstance(rows, list) else "" for rows in ours],
        "first sentences": [take_first(row[0], row[2], n) for row, n in zip(given, counts, strict=True)],
    }
    figures: dict[str, float] = {}
    print(f"{len(given)} articles; {'':18} ROUGE-1 ROUGE-2  ours against it (ROUGE-1)")
    scores = {
        name: [_rouge(summary, document[3]) for summary, document in zip(texts, given, strict=True)]
        for name, texts in summaries.items()
    }
    for name, rows in scores.items():
        one, two = (sum(column) / len(column) for column in zip(*rows, strict=True))
        low, high = mean_interval([a - b for (a, _), (b, _) in zip(scores["copydesk"], rows, strict=True)])
        print(f"{name:32} {one:.3f}   {two:.3f}  [{low:+.3f}, {high:+.3f}]")
        figures[f"{name} ROUGE-1"] = one
    print(f"{len(given) / spent:.0f} articles per CPU-second")
    return {
        "ROUGE-1": figures["copydesk ROUGE-1"],
        "gain on first sentences": figures["copydesk ROUGE-1"] - figures["first sentences ROUGE-1"],
    }


def _rouge(summary: str, reference: str) -> tuple[float, float]:
    one, two = (overlap(summary.casefold(), reference.casefold(), width) for width in (1, 2))
    return f1([one]), f1([two])
