"""Topics of news articles beside MiniLM without training, with the interval of each difference.

    python -m benchmarks topics [--part held_out]

BBC (2,225 articles) and the English part of MasakhaNEWS (472), each article with the one section that its publisher
filed it under, mapped to a topic. Of each set the even articles, counted by name or as they come, are for tuning
("dev"), the odd ones are held out. Everybody chooses among all 17 topics and gives the likeliest one; macro F1 is over
the topics that a set has. A second topic, however true, counts as wrong here, so that precision is a lower bound.
`given` are all topics that we publish; coverage is the share of articles with any. Their calibration is shown in bins
of the score: how many topics, their mean score, the share that is right. Its error is the mean difference between the
two over topics (ECE); `calibration` is 1 less that.
The peers (peers/topics.py) run in `.venv-enrichments`; without it they are left out.
"""

import csv
import gzip
import tarfile
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.pages import ENRICHMENT
from benchmarks.peers import ask_peers
from benchmarks.scores import draw_interval, write_gain
from pipelines.enrichments import topics

DATA = ENRICHMENT / "topics"
MAPPING = DATA / "iptc_mapping.json.gz"
OURS = "copydesk"
TOPICS = {
    "business": "medtop:04000000",
    "entertainment": "medtop:01000000",
    "health": "medtop:07000000",
    "politics": "medtop:11000000",
    "sport": "medtop:15000000",
    "sports": "medtop:15000000",
    "tech": "medtop:13000000",
    "technology": "medtop:13000000",
}
SETS = ("bbc", "masakhanews")
BINS = 10


class Article(NamedTuple):
    title: str
    text: str
    topic: str


def load(name: str, part: str) -> list[Article]:
    """Return the articles of a part of `bbc` or `masakhanews`."""
    articles = _bbc() if name == "bbc" else _masakhanews()
    return articles[1::2] if part == "held_out" else articles[::2]


def _bbc() -> list[Article]:
    found = []
    with tarfile.open(DATA / "bbc_2225.tgz") as archive:
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            if file := archive.extractfile(member):
                title, _, text = file.read().decode("utf-8", "replace").partition("\n")
                found.append(Article(title, text.strip(), TOPICS[member.name.split("/")[1]]))
    return found


def _masakhanews() -> list[Article]:
    csv.field_size_limit(10_000_000)
    with gzip.open(DATA / "masakhanews_eng_dev.tsv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [Article(row["headline"], row["text"], TOPICS[row["category"]]) for row in rows]


def macro_f1(gold: Sequence[str], chosen: Sequence[str]) -> float:
    """Return F1 (0-1) averaged over the topics in `gold`; "" is no topic."""
    scores = []
    for topic in sorted(set(gold)):
        hits = sum(true == ours == topic for true, ours in zip(gold, chosen, strict=True))
        scores.append(2 * hits / (sum(true == topic for true in gold) + sum(ours == topic for ours in chosen)))
    return sum(scores) / len(scores)


def interval(gold: Sequence[str], one: Sequence[str], other: Sequence[str]) -> tuple[float, float]:
    """Return the interval of the difference in macro F1."""

    def gain(drawn: Sequence[tuple[str, str, str]]) -> float:
        truth, ours, others = zip(*drawn, strict=True)
        return macro_f1(truth, ours) - macro_f1(truth, others)

    return draw_interval(gain, list(zip(gold, one, other, strict=True)))


def measure(part: str, with_peers: bool = True) -> dict[str, float]:
    """Print both sets; return macro F1, precision, coverage and calibration."""
    figures: dict[str, float] = {}
    for name in SETS:
        articles = load(name, part)
        gold = [article.topic for article in articles]
        found = [topics.find_topics(article.text, article.title, "en") for article in articles]
        given = [[(row["topic"], row["topic_score"]) for row in rows] for rows in found if not isinstance(rows, str)]
        first = [rows[0][0] if rows else "" for rows in given]
        print(f"{name}: {len(articles)} articles, macro F1 of the likeliest topic")
        figures[f"{name} macro F1"] = macro_f1(gold, first)
        print(f"  {OURS:20} {figures[f'{name} macro F1']:.3f}")
        questions = ({"title": article.title, "text": article.text} for article in articles)
        peers = ask_peers("enrichments", "topics", questions, str(MAPPING)) if with_peers else {}
        for peer, answers in peers.items():
            score = macro_f1(gold, answers.values)
            gain = write_gain(figures[f"{name} macro F1"] - score, interval(gold, first, answers.values))
            print(f"  {peer:20} {score:.3f}   ours against it {gain}")
        flat = [(topic == true, score) for rows, true in zip(given, gold, strict=True) for topic, score in rows]
        covered = sum(map(bool, given))
        figures[f"{name} precision"] = sum(right for right, _ in flat) / len(flat)
        figures[f"{name} coverage"] = covered / len(articles)
        several = sum(len(rows) > 1 for rows in given) / len(articles)
        likeliest = sum(ours == true for ours, true in zip(first, gold, strict=True)) / covered
        print(f"  given: precision {figures[f'{name} precision']:.3f} (likeliest {likeliest:.3f}), "
              f"coverage {covered / len(articles):.3f}, two or more {several:.3f}")  # fmt: skip
        figures[f"{name} calibration"] = 1 - _print_calibration(flat)
    return figures


def _print_calibration(flat: Sequence[tuple[bool, float]]) -> float:
    """Print the calibration curve of topics (is it right, its score); return its error."""
    print("  score      topics  predicted  observed")
    gaps = 0.0
    for low in range(BINS):
        if rows := [row for row in flat if min(int(row[1] * BINS), BINS - 1) == low]:
            rights, scores = (sum(column) for column in zip(*rows, strict=True))
            gaps += abs(rights - scores)
            print(f"  {low / BINS:.1f}-{(low + 1) / BINS:.1f} {len(rows):9} {scores / len(rows):10.3f}"
                  f" {rights / len(rows):9.3f}")  # fmt: skip
    print(f"  expected calibration error {gaps / len(flat):.3f}")
    return gaps / len(flat)
