"""Fit the weights of pipelines/enrichments/score.py, and print how right reports are by pattern.

    python -m training.quotes            # prints both; --write puts the weights into the module

Fits on the tuning part of PolNeAR train alone (benchmarks/quotes.py), stretches in marks of three words or more.
`DIRECT`: the stretch is a direct content, by the measure of the benchmark. `SPOKEN`: it lies in any marked content.
"""

import argparse
import re
from collections import Counter
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.quotes import OVERLAP, compute_likeness, find_words, load
from pipelines.enrichments.quotes import score
from pipelines.enrichments.quotes.cues import load_grammar
from pipelines.enrichments.quotes.marks import find_marked
from pipelines.enrichments.quotes.passages import find_sentence_ends, read_passages
from pipelines.enrichments.quotes.reports import read_reports

SHORTEST = 3  # words


def build_examples() -> tuple[list[dict[str, float]], list[bool], list[bool]]:
    """Return the features of each stretch, whether it is direct, and whether it is in any content."""
    seen, direct, spoken = [], [], []
    rules = load_grammar("en")
    assert rules
    for document in load("tuning"):
        text = document.text
        for passage in read_passages(text, find_marked(text), find_sentence_ends(text), rules):
            inside = find_words(text, passage.marked.start, passage.marked.end)
            if len(inside) < SHORTEST:
                continue
            seen.append(passage.features)
            direct.append(
                any(g.kind == "direct" and compute_likeness(inside, g.words) >= OVERLAP for g in document.golds)
            )
            spoken.append(any(inside <= g.words for g in document.golds))
    return seen, direct, spoken


def fit(seen: list[dict[str, float]], true: list[bool]) -> dict[str, float]:
    """Fit weights by name, two decimals; scikit-learn's default penalty."""
    vectors = DictVectorizer()
    model = LogisticRegression(max_iter=2_000).fit(vectors.fit_transform(seen), true)
    names = ["", *vectors.feature_names_]
    return {n: round(float(w), 2) for n, w in zip(names, [model.intercept_[0], *model.coef_[0]], strict=True)}


def print_reports() -> None:
    """Print the share of reports that overlap a content, for each pattern."""
    found, right = Counter[str](), Counter[str]()
    rules = load_grammar("en")
    assert rules
    for document in load("tuning"):
        marked = [(m.outer_start, m.outer_end) for m in find_marked(document.text)]
        for report in read_reports(document.text, find_sentence_ends(document.text), marked, rules):
            inside = find_words(document.text, report.start, report.end)
            found[report.how] += 1
            right[report.how] += any(compute_likeness(inside, g.words) >= OVERLAP for g in document.golds)
    for how, count in found.most_common():
        print(f"{how:12} {count:6} {right[how] / count:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    seen, direct, spoken = build_examples()
    lines = {"DIRECT": fit(seen, direct), "SPOKEN": fit(seen, spoken)}
    written = {name: ", ".join(f'"{n}": {w}' for n, w in weights.items()) for name, weights in lines.items()}
    for name, weights in written.items():
        print(f"{name} = {{{weights}}}")
    print_reports()
    if parser.parse_args().write:
        path = Path(score.__file__)
        module = path.read_text()
        for name, weights in written.items():
            module = re.sub(rf"^{name}: (.*?) = \{{.*?\}}", rf"{name}: \1 = {{{weights}}}", module, flags=re.M | re.S)
        path.write_text(module)


if __name__ == "__main__":
    main()
