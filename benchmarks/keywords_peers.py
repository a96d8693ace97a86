"""Keywords of texts by other libraries; runs in an environment of its own, see keywords.py.

A text is one line of JSON. The answer is one line a text, `{"peer": ["term", …], …}`, and a last one with the CPU
seconds each peer took over all texts. A text that TextRank cannot take gives it no terms.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable

import multi_rake
import yake
from summa import keywords as summa

TOP = 10


def textrank(text: str) -> list[str]:
    """TextRank as summa has it."""
    try:
        return list(summa.keywords(text, words=TOP, split=True))
    except (IndexError, ZeroDivisionError, ValueError):
        return []


def _yake(size: int) -> Callable[[str], list[str]]:
    extractor = yake.KeywordExtractor(lan="en", n=size, top=TOP)
    return lambda text: [term for term, _ in extractor.extract_keywords(text)]


RAKE = multi_rake.Rake(language_code="en")
PEERS = {
    "yake, 1-3 words": _yake(3),
    "yake, 1 word": _yake(1),
    "rake (multi_rake)": lambda text: [term for term, _ in RAKE.apply(text)],
    "textrank (summa)": textrank,
}


def main() -> None:
    spent: Counter[str] = Counter()
    for line in sys.stdin:
        text, found = json.loads(line), {}
        for name, extract in PEERS.items():
            began = time.process_time()
            found[name] = extract(text)
            spent[name] += time.process_time() - began
        print(json.dumps(found))
    print(json.dumps(spent))


if __name__ == "__main__":
    main()
