"""The probability that words in quotation marks are somebody's: two logistic models over the features of passages.py.

Fitted by `python -m training.quotes` on two of three documents of PolNeAR train.
"""

import math
from collections.abc import Mapping

DIRECT: dict[str, float] = {
    "": -1.27,
    "after": 0.69,
    "before": -0.12,
    "carried": -0.22,
    "comma": -0.99,
    "how according": -0.39,
    "how any verb": -0.43,
    "how colon": -0.5,
    "how nothing": -0.73,
    "how signed": 0.07,
    "how speaker first": 0.38,
    "how verb before": -1.0,
    "how verb first": 0.81,
    "how verb right before": 1.08,
    "joined": -0.18,
    "lead colon": 0.28,
    "lead comma": 0.28,
    "lead other": -1.82,
    "lead other tail": 0.7,
    "lead other upper": -0.09,
    "lead that": -1.03,
    "short": -0.4,
    "stop": 1.27,
    "tail none": 0.83,
    "unclosed": -3.06,
    "upper": 0.23,
    "upper stop": 1.13,
    "whole": 0.56,
    "whole stop": 1.54,
    "words": -0.45,
}
SPOKEN: dict[str, float] = {
    "": 4.97,
    "after": 0.05,
    "before": -0.62,
    "carried": 0.25,
    "comma": -0.99,
    "how according": -0.12,
    "how any verb": -0.36,
    "how colon": -0.67,
    "how nothing": -1.34,
    "how signed": 0.14,
    "how speaker first": 0.87,
    "how verb before": 0.59,
    "how verb first": 0.7,
    "how verb right before": 0.51,
    "joined": -0.19,
    "lead colon": -0.24,
    "lead comma": 0.09,
    "lead other": 0.16,
    "lead other tail": 0.06,
    "lead other upper": -2.12,
    "lead that": 0.5,
    "short": -1.44,
    "stop": 0.35,
    "tail none": 0.22,
    "unclosed": -2.32,
    "upper": -0.66,
    "upper stop": 0.37,
    "whole": 0.31,
    "whole stop": 0.63,
    "words": -1.17,
}


def estimate_chance(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return the probability (0-1) that a model gives to a passage; `""` names the weight that every passage has."""
    total = weights[""] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-total))
