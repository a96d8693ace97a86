"""Fit pipelines/enrichments/topic_terms/scores.json: how the weight of a topic becomes a probability.

    python -m training.topics

Fits two numbers on the dev halves of the sets of benchmarks/topics.py. Right is the one topic that the publisher filed
the article under. The loss is the log loss of each topic that may be published; both sets count alike, so that the
larger one does not decide.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path

from scipy.optimize import minimize

from benchmarks.topics import SETS, load
from pipelines.enrichments import topics
from pipelines.enrichments.topics import Curve, load_english_lexicon, rate_terms, score_topics, weigh_topics

OUT = Path(topics.__file__).parent / "topic_terms" / "scores.json"
START = Curve(exponent=3.0, room=3.0)
NEAR_ZERO = 1e-9
DIGITS = 3

Example = tuple[list[float], int]
"""The weight of each topic in an article, and the index of the right one."""


def load_examples(name: str) -> list[Example]:
    """Return the articles of the dev half of a set."""
    lexicon = load_english_lexicon()
    index = {topic: number for number, (topic, _) in enumerate(lexicon.topics)}
    return [
        (weigh_topics(rate_terms(article.text, article.title, lexicon)[0], lexicon), index[article.topic])
        for article in load(name, "dev")
    ]


def compute_loss(examples: Sequence[Example], curve: Curve) -> float:
    """Return the log loss of the topics that may be published, in nats per article."""
    loss = 0.0
    for totals, right in examples:
        for topic, score in enumerate(score_topics(totals, curve)):
            if totals[topic] >= topics.LEAST:
                loss -= math.log(max(score if topic == right else 1 - score, NEAR_ZERO))
    return loss / len(examples)


def fit(sets: Sequence[Sequence[Example]]) -> Curve:
    """Return the curve with the least mean loss over sets of articles."""

    def lose(logs: Sequence[float]) -> float:
        return sum(compute_loss(examples, Curve(*map(math.exp, logs))) for examples in sets) / len(sets)

    fitted = minimize(lose, [math.log(number) for number in START], method="Nelder-Mead")
    return Curve(*(round(math.exp(number), DIGITS) for number in fitted.x))


if __name__ == "__main__":
    curve = fit([load_examples(name) for name in SETS])
    print(curve)
    OUT.write_text(json.dumps(curve._asdict()) + "\n", "utf-8")
