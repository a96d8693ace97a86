"""What a profile learnt from 1, 2, 4, 8 and 16 other pages of a source adds to the reading of a page.

    python -m benchmarks curve [--part held_out]

The generic reading was trained on dev pages of these sets, so on dev every page is scored, in learning too, by a model
fitted without its source.
"""

import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.body import TITLED, read_by_peer
from benchmarks.pages import Page, load
from benchmarks.scores import Row, f1, interval, overlap, tokens
from pipelines.cleaning.metadata import read_metadata
from pipelines.cleaning.pages.block_features import compute_features
from pipelines.cleaning.pages.blocks import Block, split_blocks
from pipelines.cleaning.pages.clean import parse
from pipelines.cleaning.pages.reading import read_page, score_blocks
from pipelines.cleaning.profiles import learning
from pipelines.cleaning.profiles.profile import Profile, Score, apply_profile, does_wrapper_fit
from pipelines.cleaning.text import remove_unprintable
from pipelines.cleaning.texts.lines import get_line_key
from pipelines.cleaning.trees import Floats, encode_model
from pipelines.text.decode import decode
from training.reading import FOLDS, hash_source, label_blocks, weigh_blocks
from training.trees import fit

SETS = ("daniel_dev", "fundus_eval")
COUNTS = (1, 2, 4, 8, 16)
FULL = 8  # pages from which on the goals hold
EMPTY = Profile("", 0, 0, {}, {})
STRICT, FAST = "trafilatura precision", "resiliparse"


@dataclass(frozen=True, slots=True)
class Known:
    """A page, read as far as every way of judging it shares."""

    page: Page
    blocks: list[Block]
    title: str | None

    @property
    def seen(self) -> learning.Page:
        return learning.Page(self.blocks, self.title)

    def row(self, text: str) -> Row:
        return overlap(text, self.page.text)


def measure(part: str) -> dict[str, float]:
    """Print the curve of each set; return what floors hold."""
    known = {name: [read(page) for page in load(name, part)] for name in SETS}
    score = score_blocks if part == "held_out" else fit_fold_scores([k for pages in known.values() for k in pages])
    figures: dict[str, float] = {}
    for name, pages in known.items():
        figures |= measure_curve(name, pages, score)
    return figures | measure_speed([k for pages in known.values() for k in pages], score)


def read(page: Page) -> Known:
    """Read bytes into blocks and title."""
    tree, _ = parse(remove_unprintable(decode(page.body) or ""))
    return (
        Known(page, [], None) if tree is None else Known(page, split_blocks(tree), read_metadata(tree, page.url).title)
    )


def fit_fold_scores(pages: Sequence[Known]) -> Score:
    """Return the generic reading by models each fitted without the sources that it reads."""
    rest = [read(page) for page in load("wcxb_dev", "dev")]
    fitted = [k for k in (*pages, *rest) if k.blocks]
    rows = [compute_features(k.blocks, k.title) for k in fitted]
    marks = [label_blocks([b.text for b in k.blocks], k.page.text) for k in fitted]
    weights = [weigh_blocks(k.blocks, k.title, mark) for k, mark in zip(fitted, marks, strict=True)]
    folds = np.array([hash_source(k.page.source) for k in fitted])
    found: dict[int, Floats] = {}
    for fold in range(FOLDS):
        used = np.flatnonzero(folds != fold)
        weight = np.concatenate([weights[n] for n in used])
        model = fit(
            rows[0][0],
            np.concatenate([rows[n][1] for n in used]),
            np.concatenate([marks[n] > 0.5 for n in used]),
            weight * len(weight) / weight.sum(),
        )
        trees = encode_model(model)
        found |= {id(fitted[n].blocks): trees.scores(rows[n][1]) for n in np.flatnonzero(folds == fold)}
    by_content = {tuple(k.blocks): found[id(k.blocks)] for k in fitted}
    return lambda blocks, _title: by_content[tuple(blocks)] if blocks else np.zeros(0)


def measure_curve(name: str, pages: Sequence[Known], score: Score) -> dict[str, float]:
    """Print one set: F1 with so many other pages of the source, and the sources where activation refused."""
    titled = name in TITLED
    generic = [known.row(_text(known, EMPTY, score, titled)) for known in pages]
    strict, fast = (_read_by_peer(peer, pages) for peer in (STRICT, FAST))
    strict_f1 = f1([known.row(text) for known, text in zip(pages, strict, strict=True)])
    print(f"{name}: {len(pages)} pages, generic {f1(generic):.4f}, {STRICT} {strict_f1:.4f}")
    figures: dict[str, float] = {}
    for count in COUNTS:
        forced, used, plain = list(generic), list(generic), []
        refused: dict[str, str] = {}
        fits = covered = furniture = taken = body = 0
        cache: dict[tuple[int, ...], tuple[Profile, str | None]] = {}
        for n, known in enumerate(pages):
            others = _pick_others(pages, n, count)
            if (chosen := tuple(sorted(others))) not in cache:
                taught = [pages[o].seen for o in chosen]
                profile = learning.learn(known.page.source, taught, (), score)
                cache[chosen] = (
                    profile,
                    learning.find_refusal(learning.evaluate_profile(known.page.source, taught, (), score)),
                )
            profile, why = cache[chosen]
            forced[n] = known.row(_text(known, profile, score, titled))
            used[n] = generic[n] if why else forced[n]
            if why:
                refused.setdefault(known.page.source, why)
            plain.append(known.row(_drop_repeats(fast[n], [fast[o] for o in others])))
            fits += does_wrapper_fit(profile, known.blocks)
            for block, mark in zip(
                known.blocks, label_blocks([b.text for b in known.blocks], known.page.text), strict=True
            ):
                is_body, is_found = mark > 0.5, get_line_key(block.text) in profile.repeats
                furniture, covered = furniture + (not is_body), covered + (is_found and not is_body)
                words = len(tokens(block.text)) if is_body else 0
                body, taken = body + words, taken + words * is_found
        low, high = interval(used, generic)
        gains = _gain_by_source(pages, used, generic)
        worst = min(gains, key=lambda source: gains[source])
        print(
            f"  {count:2} pages: profile {f1(forced):.4f}, as activated {f1(used):.4f} [{low:+.4f}, {high:+.4f}],"
            f" {FAST} without repeats {f1(plain):.4f}; worst source {worst} {gains[worst]:+.3f};"
            f" wrapper fits {fits / len(pages):.2f}; furniture lines that repeat {covered / max(furniture, 1):.2f},"
            f" words of the body among repeats {taken / max(body, 1):.4f}"
        )
        if count >= FULL:
            for source, why in sorted(refused.items()):
                print(f"     refused {source}: {why}; forced {_gain_by_source(pages, forced, generic)[source]:+.3f}")
        figures[f"{name} F1, {count} pages"] = f1(used)
        figures[f"{name} gain, lower bound, {count} pages"] = low
        figures[f"{name} worst source, {count} pages"] = gains[worst]
    return figures


def measure_speed(pages: Sequence[Known], score: Score) -> dict[str, float]:
    """Pages per CPU-second from bytes, with the wrapper and without, and where the time goes."""
    by_source = defaultdict(list)
    for known in pages:
        by_source[known.page.source].append(known)
    profiles = {
        source: learning.learn(source, [k.seen for k in found[:16]], (), score) for source, found in by_source.items()
    }
    spent: dict[str, float] = defaultdict(float)
    for known in pages:
        began = time.process_time()
        text = remove_unprintable(decode(known.page.body) or "")
        decoded = time.process_time()
        tree, _ = parse(text)
        parsed = time.process_time()
        found = split_blocks(tree) if tree is not None else []
        cut = time.process_time()
        read_page(found, known.title)
        generic = time.process_time()
        apply_profile(profiles[known.page.source], found, known.title)
        wrapper = time.process_time()
        for step, begin, end in (
            ("decode", began, decoded), ("parse", decoded, parsed), ("blocks", parsed, cut),
            ("generic", cut, generic), ("wrapper", generic, wrapper),
        ):  # fmt: skip
            spent[step] += end - begin
    shared = spent["decode"] + spent["parse"] + spent["blocks"]
    ratio = (shared + spent["generic"]) / (shared + spent["wrapper"])
    print("ms a page:", ", ".join(f"{what} {1000 * seconds / len(pages):.2f}" for what, seconds in spent.items()))
    print(
        f"pages per CPU-second: generic {len(pages) / (shared + spent['generic']):.0f},"
        f" wrapper {len(pages) / (shared + spent['wrapper']):.0f}, {ratio:.2f} times;"
        f" judging alone {spent['generic'] / spent['wrapper']:.1f} times"
    )
    return {"wrapper speed / generic speed": ratio}


def _read_by_peer(name: str, pages: Sequence[Known]) -> list[str]:
    reading = read_by_peer(name, [known.page for known in pages])
    if reading is None:
        raise FileNotFoundError(f"the curve needs {name}: make .venv-extractors/ready")
    return reading.texts


def _text(known: Known, profile: Profile, score: Score, titled: bool) -> str:
    kept = [judged.text for judged in apply_profile(profile, known.blocks, known.title, score) if judged.is_kept]
    return "\n".join([*filter(None, [known.title if titled else None]), *kept])


def _pick_others(pages: Sequence[Known], n: int, count: int) -> list[int]:
    """Return the first pages of the same source by a hash of their id, never the page itself."""
    same = [o for o, other in enumerate(pages) if o != n and other.page.source == pages[n].page.source]
    return sorted(same, key=lambda o: zlib.crc32(pages[o].page.id.encode()))[:count]


def _drop_repeats(text: str, others: Sequence[str]) -> str:
    """Return a text without the lines that a fifth of the other texts, and at least two, have."""
    count = Counter(key for other in others for key in {get_line_key(line) for line in other.split("\n")})
    least = max(learning.MIN_REPEATS, learning.MIN_SHARE * len(others))
    return "\n".join(line for line in text.split("\n") if count[get_line_key(line)] < least)


def _gain_by_source(pages: Sequence[Known], ours: Sequence[Row], other: Sequence[Row]) -> dict[str, float]:
    rows: dict[str, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for known, a, b in zip(pages, ours, other, strict=True):
        rows[known.page.source][0].append(a)
        rows[known.page.source][1].append(b)
    return {source: f1(a) - f1(b) for source, (a, b) in sorted(rows.items())}
