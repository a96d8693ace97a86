"""News pages as plain text with a label for each line: pages flattened, and articles among invented papers' furniture.

There are three flattenings of the pages that `pages.py` loads: all of a page's blocks, and the article with what is
around it, near and less near, as somebody copies it. Articles of PolNeAR (plain text, one folder a newspaper) are
dressed as those of invented papers, whose furniture is in papers.txt, two or three papers a newspaper. Held out are
whole sources and newspapers, and with them the furniture. Everything is drawn from the names of the documents: each
run gives the same.
"""

import re
import tarfile
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from benchmarks.pages import ENRICHMENT, Page, load
from benchmarks.scores import tokens
from pipelines.cleaning.pages.blocks import split_blocks
from pipelines.cleaning.pages.clean import parse
from pipelines.cleaning.profiles.learning import MAX_SAY, MIN_REPEATS, MIN_SHARE
from pipelines.cleaning.text import remove_unprintable, tidy_text
from pipelines.cleaning.texts.hints import Hint, ScoredText, learn_hints
from pipelines.cleaning.texts.lines import get_line_key, split_lines
from pipelines.cleaning.trees import Floats
from pipelines.text.decode import decode

SETS = ("wcxb_dev", "fundus_eval", "daniel_dev", "polnear")
QUOTES = ENRICHMENT / "quotes"
PAPERS = Path(__file__).with_name("papers.txt")
NEWSPAPERS = ("breitbart", "huff-post", "nyt", "politico", "usa-today", "wash-post", "west-journal")
NEAR = 3  # shingles of this many tokens tell whether a block is of the article
COVERED = 0.6  # of a block's shingles
SHORT = 6  # tokens: below, a block must be in the article as it stands, and within its bounds
AROUND = {"near": (4, 6), "around": (12, 30)}  # blocks before and after the article, at most
WIDTHS = (68, 72, 76, 80)
WRAPPED = 6  # one dump in so many is hard-wrapped
MAX_OTHERS = 60  # pages of a source from which repeats are counted


@dataclass(frozen=True, slots=True)
class Dump:
    """A text with its lines' labels: `article` where a line belongs to the text, else a word of labels.LABELS, or
    `open` where the set does not say (a page's headings and captions)."""

    id: str
    set: str
    source: str
    lines: tuple[tuple[str, str], ...]
    text: str


def load_dumps(name: str, part: str = "dev") -> list[Dump]:
    """Return the dumps of one of SETS, in a fixed order."""
    return list(_dress_articles(part) if name == "polnear" else _flatten_pages(name, part))


def group_by_source(documents: Sequence[Dump]) -> dict[str, list[Dump]]:
    """Group dumps by their source, sources by name."""
    grouped: dict[str, list[Dump]] = {}
    for dump in documents:
        grouped.setdefault(dump.source, []).append(dump)
    return dict(sorted(grouped.items()))


def get_page(dump: Dump) -> str:
    """Return the id that the dumps of one page share."""
    return dump.id if dump.set == "polnear" else dump.id.rsplit("/", 1)[0]


def label_lines(dump: Dump) -> list[tuple[str, str, int]]:
    """Return the lines that a dump's text is split into, each with its label and the number of its tokens."""
    owners = [label for line, label in dump.lines for _ in tokens(tidy_text(line))]
    found, at = [], 0
    for line in split_lines(tidy_text(dump.text)):
        count = len(tokens(line))
        most = Counter(owners[at : at + count]).most_common(1)
        found.append((line, most[0][0] if most else "open", count))
        at += count
    return found


def learn_from_others(
    documents: Sequence[Dump], at_least: int, read: Callable[[Sequence[str]], Floats]
) -> Iterator[tuple[Dump, Mapping[str, float], Mapping[str, Hint]]]:
    """Yield each dump of one source with the repeats and hints of its other pages; empty where these are too few.

    `read` judges the lines of these pages before anything is known of them, as in `learning.learn`.
    """
    pages = {get_page(dump): dump for dump in documents if dump.set == "polnear" or dump.id.endswith("/page")}
    lines = {page: [line for line, _, _ in label_lines(dump)] for page, dump in pages.items()}
    keys = {page: [get_line_key(line) for line in own] for page, own in lines.items()}
    learnt: dict[str, tuple[Mapping[str, float], Mapping[str, Hint]]] = {}
    told: dict[str, ScoredText] = {}
    for dump in documents:
        page = get_page(dump)
        others = [other for other in pages if other != page][:MAX_OTHERS]
        if len(others) < at_least:
            yield dump, {}, {}
            continue
        if page not in learnt:
            for other in others:
                if other not in told:
                    sizes = [min(len(line), MAX_SAY) for line in lines[other]]
                    told[other] = ScoredText(keys[other], sizes, read(lines[other]).tolist())
            counts = Counter(key for other in others for key in set(keys[other]) if key)
            enough = max(MIN_REPEATS, MIN_SHARE * len(others))
            repeats = {key: n / len(others) for key, n in sorted(counts.items()) if n >= enough}
            learnt[page] = repeats, learn_hints([told[other] for other in others], repeats)
        yield dump, *learnt[page]


def _flatten_pages(name: str, part: str) -> Iterator[Dump]:
    for page in load(name, part):
        lines = _label_blocks(page)
        body = [i for i, (_, label) in enumerate(lines) if label == "article"]
        if not body:
            continue  # the person who marked it saw another page
        yield _build_dump(f"{page.id}/page", name, page.source, lines)
        for how, (before, after) in AROUND.items():
            chance = _seed(f"{page.id}/{how}")
            first = max(0, body[0] - chance.randint(0, before))
            yield _build_dump(
                f"{page.id}/{how}", name, page.source, lines[first : body[-1] + 1 + chance.randint(0, after)]
            )


def _label_blocks(page: Page) -> list[tuple[str, str]]:
    """Return the page's blocks, each with whether the marked text holds it."""
    decoded = decode(page.body, None)
    tree = parse(remove_unprintable(decoded))[0] if decoded else None
    if tree is None:
        return []
    found = split_blocks(tree)
    words = [tokens(block.text) for block in found]
    gold = tokens(page.text)
    shingles = Counter(zip(*(gold[i:] for i in range(NEAR)), strict=False))
    running = "\0".join(["", *gold, ""])
    covered = []
    for line in words:
        own = list(zip(*(line[i:] for i in range(NEAR)), strict=False))
        if len(line) < SHORT:
            covered.append(False)
            continue
        hits = Counter(own) & shingles
        covered.append(hits.total() >= COVERED * len(own))
        if covered[-1]:
            shingles -= hits  # a teaser that repeats the text is no second text
    long = [i for i, is_in in enumerate(covered) if is_in]
    if not long:
        return []
    title = tokens(page.title or (page.text.split("\n")[0] if page.language else ""))
    lines = []
    for i, (block, line) in enumerate(zip(found, words, strict=True)):
        if not line:
            continue
        is_in = covered[i]
        if len(line) < SHORT and long[0] - 2 <= i <= long[-1] + 2:
            is_in = "\0".join(["", *line, ""]) in running
        if line == title or (block.tag == "h1" and not is_in):
            label = "headline" if i <= long[0] + 1 and line == title else "open"
        elif is_in:
            label = "article"
        else:
            label = "open" if any(step.startswith("figcaption") for step in block.path) else "furniture"
        lines.append((block.text, label))
    return lines


def _build_dump(id: str, set: str, source: str, lines: list[tuple[str, str]]) -> Dump:
    chance = _seed(id)
    gap = chance.choice(["\n\n", "\n\n", "\n"])
    texts = [text for text, _ in lines]
    if chance.randrange(WRAPPED) == 0:
        width, gap = chance.choice(WIDTHS), "\n\n"
        texts = [textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False) for text in texts]
    return Dump(id, set, source, tuple(lines), gap.join(texts) + "\n")


def _seed(name: str) -> Random:
    return Random(sha256(name.encode()).digest())


def list_newspapers(part: str) -> list[str]:
    """List PolNeAR's newspapers by name; every fourth from the second is held out."""
    return [name for i, name in enumerate(NEWSPAPERS) if (i % 4 == 1) == (part == "held_out")]


def _dress_articles(part: str) -> Iterator[Dump]:
    texts: dict[str, str] = {}
    wanted = tuple(list_newspapers(part))
    for archive in ("polnear_train.tgz", "polnear_dev.tgz"):
        with tarfile.open(QUOTES / archive) as files:
            for member in files:
                name = member.name.rsplit("/", 1)[-1]
                if name.startswith(wanted) and name.endswith(".txt") and (stream := files.extractfile(member)):
                    texts[name[:-4]] = stream.read().decode("utf-8", "replace")
    papers = _read_papers()
    every = sorted(papers)
    for place, newspaper in enumerate(NEWSPAPERS):
        if newspaper not in wanted:
            continue
        own = every[place :: len(NEWSPAPERS)]
        for i, name in enumerate(sorted(name for name in texts if name.startswith(newspaper))):
            others = [other for other in sorted(texts) if other.startswith(newspaper) and other != name]
            paper = own[i % len(own)]
            headlines = [_split_paragraphs(texts[other])[0].rstrip(".") for other in _seed(name).sample(others, 12)]
            yield _build_dump(
                name, "polnear", paper, _dress(name, papers[paper], _split_paragraphs(texts[name]), headlines)
            )


def _split_paragraphs(text: str) -> list[str]:
    return [line for block in re.split(r"\n\s*\n", text) if (line := " ".join(block.split()))]


def _read_papers() -> dict[str, list[str]]:
    """Read the lines of each paper, `label text` each; those under `--` come after the article, `~` within it.

    There are two papers a newspaper, in turn by name; every word of them is made up for this purpose.
    """
    papers: dict[str, list[str]] = {}
    for line in PAPERS.read_text("utf-8").strip().split("\n"):
        if line.startswith("= "):
            papers[line[2:]] = []
        else:
            papers[list(papers)[-1]].append(line)
    return papers


LETTERS = {"H": "headline", "B": "byline", "D": "dateline", "C": "caption", "F": "furniture"}
FIRST = ("Ann", "Tobias", "Maria", "Kwame", "Lena", "Oliver", "Priya", "Samuel", "Ingrid", "Tomás")
LAST = ("Hollis", "Brandt", "Okoye", "Vance", "Lindqvist", "Moreau", "Castell", "Reyes", "Whitlock", "Duarte")
PLACES = ("Dayton", "Richmond", "Tulsa", "Geneva", "Ottawa", "Phoenix", "Lisbon", "Charlotte")
MONTHS = ("January", "March", "May", "July", "September", "November")


def _dress(name: str, paper: list[str], article: list[str], others: list[str]) -> list[tuple[str, str]]:
    """Put the article into its paper: lines marked `?` in half of the articles, `*3` three times."""
    chance = _seed("dressed " + name)
    names = Counter(re.findall(r"(?<=[a-z,] )[A-Z][a-z]+ [A-Z][a-z]+", " ".join(article)))
    who = min(names, key=lambda n: (-names[n], n)) if names else "The candidate"
    queue = list(others)
    body = [(text, "article") for text in article[1:]]
    top: list[tuple[str, str]] = []
    bottom: list[tuple[str, str]] = []
    boxes: list[list[tuple[str, str]]] = []
    into = top
    for line in paper:
        if line == "--":
            into = bottom
            continue
        mark, _, template = line.partition(" ")
        if mark.startswith("~"):
            boxes.append(into := [])
            mark = mark[1:]
        if "?" in mark and chance.random() < 0.5:
            continue
        for _ in range(int(mark[-1]) if mark[-1].isdigit() else 1):
            author, second = (f"{chance.choice(FIRST)} {chance.choice(LAST)}" for _ in range(2))
            filled = template.format(
                headline=article[0].rstrip("."), other=queue.pop(0) if "{other}" in template and queue else "More news",
                author=author, second=second, who=who, place=chance.choice(PLACES), n=chance.randint(2, 980),
                day=chance.randint(1, 28), month=chance.choice(MONTHS), hour=chance.randint(1, 12),
                minute=f"{chance.randrange(60):02}",
            )  # fmt: skip
            into.append((filled, LETTERS[mark[0]]))
    for box in boxes:
        if len(body) > 4 and chance.random() < 0.8:
            at = chance.randint(2, len(body) - 1)
            body[at:at] = box
    return [*top, *body, *bottom]
