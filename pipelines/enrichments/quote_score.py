"""How likely what stands in quotation marks is somebody's words: two logistic models over what quote_passages sees.

Fitted by `python -m benchmarks.train_quotes` on two of three documents of PolNeAR train.
"""

import math
from collections.abc import Mapping

DIRECT: dict[str, float] = {
    "": -1.12,
    "after": 0.65,
    "before": -0.18,
    "carried": -0.18,
    "comma": -0.9,
    "how according": -0.4,
    "how any verb": -0.49,
    "how colon": -0.48,
    "how nothing": -0.78,
    "how signed": 0.06,
    "how speaker first": 0.46,
    "how verb before": -0.99,
    "how verb first": 0.85,
    "how verb right before": 1.09,
    "joined": -0.16,
    "lead colon": 0.17,
    "lead comma": 0.15,
    "lead other": -1.93,
    "lead other tail": 0.66,
    "lead other upper": -0.04,
    "lead that": -1.03,
    "short": -0.38,
    "stop": 1.09,
    "tail none": 0.94,
    "unclosed": -3.05,
    "upper": 0.59,
    "upper stop": 0.73,
    "whole": 0.93,
    "whole stop": 1.0,
    "words": -0.36,
}
SPOKEN: dict[str, float] = {
    "": 4.92,
    "after": -0.03,
    "before": -0.56,
    "carried": 0.21,
    "comma": -0.79,
    "how according": -0.12,
    "how any verb": -0.39,
    "how colon": -0.66,
    "how nothing": -1.25,
    "how signed": 0.15,
    "how speaker first": 0.85,
    "how verb before": 0.59,
    "how verb first": 0.67,
    "how verb right before": 0.52,
    "joined": -0.18,
    "lead colon": -0.2,
    "lead comma": 0.15,
    "lead other": 0.21,
    "lead other tail": -0.03,
    "lead other upper": -2.09,
    "lead that": 0.5,
    "short": -1.43,
    "stop": 0.23,
    "tail none": 0.24,
    "unclosed": -2.34,
    "upper": -0.64,
    "upper stop": 0.3,
    "whole": 0.21,
    "whole stop": 0.83,
    "words": -1.13,
}


def chance(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The probability (0-1) that a model gives to a passage; `""` names the weight that every passage has."""
    total = weights[""] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-total))
