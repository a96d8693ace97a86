"""Keywords of texts by other libraries, in the environment of enrichments.lock."""

from collections.abc import Callable

import multi_rake
import yake
from summa import keywords as summa

from benchmarks.peers import answer

TOP = 10
RAKE = multi_rake.Rake(language_code="en")


def _build_yake(size: int) -> Callable[[str], list[str]]:
    extractor = yake.KeywordExtractor(lan="en", n=size, top=TOP)
    return lambda text: [term for term, _ in extractor.extract_keywords(text)]


if __name__ == "__main__":
    answer(
        {
            "yake, 1-3 words": _build_yake(3),
            "yake, 1 word": _build_yake(1),
            "rake (multi_rake)": lambda text: [term for term, _ in RAKE.apply(text)],
            "textrank (summa)": lambda text: list(summa.keywords(text, words=TOP, split=True)),
        }
    )
