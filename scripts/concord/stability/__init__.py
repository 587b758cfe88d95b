"""Repeatability and reproducibility of features.

- `reader_pairs`: dependence of features on the reader, for each pair of readers
- `reliability`: reliability of features between readers, and between test and retest
- `settings`: settings of repeatability and reproducibility
- `subject_rows`: rows of a feature matrix by image and region, arranged by subject and
  rater
"""

from ..lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "reader_pairs": ["reader_pairs_table"],
        "reliability": [
            "FORMS",
            "MIN_SUBJECTS",
            "RepeatedMeasurements",
            "RepeatedRatings",
            "reliability_table",
        ],
        "settings": ["ReliabilitySection", "Stability", "StabilitySection"],
    },
)
