"""Rows of a feature matrix by image and region, arranged by subject and rater."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .. import variant_names
from ..tables import feature_columns

_KEYS = ("subject_id", "session", "reader", "image", "region")


@dataclass(frozen=True)
class Rows:
    """Rows of a feature matrix as arrays; one image and region."""

    subjects: np.ndarray
    session: np.ndarray
    reader: np.ndarray
    columns: np.ndarray
    values: np.ndarray  # shape (rows, columns)

    def where(self, chosen: np.ndarray) -> "Rows":
        """Some of the rows."""
        keys = self.subjects[chosen], self.session[chosen], self.reader[chosen]
        return Rows(*keys, self.columns, self.values[chosen])

    def measured(self) -> np.ndarray:
        """True for columns with a value in any row."""
        return ~np.isnan(self.values).all(axis=0)

    def judged(
        self, axis: str, rater: np.ndarray, raters: tuple[str, ...]
    ) -> np.ndarray:
        """True for columns that an axis can judge: of variants, the measured ones."""
        if axis not in variant_names.FORMS:
            return np.ones(len(self.columns), bool)
        return self.where(np.isin(rater, raters[1:])).measured()

    def arranged(
        self, rater: np.ndarray, raters: tuple[str, ...], columns: np.ndarray
    ) -> tuple[tuple[str, ...], np.ndarray]:
        """Subjects with a row of every rater, values (subjects, raters, columns)."""
        rows_of = [
            dict(zip(self.subjects[rows], rows, strict=True))
            for name in raters
            for rows in [np.flatnonzero(rater == name)]
        ]
        subjects = tuple(sorted(set(rows_of[0]).intersection(*rows_of[1:])))
        rows = [[one[subject] for one in rows_of] for subject in subjects]
        index = np.array(rows, dtype=np.intp).reshape(len(subjects), len(raters))
        # Columns lie outermost in memory, which decides how sums are rounded.
        ratings = np.ascontiguousarray(self.values.T[columns][:, index])
        return subjects, ratings.transpose(1, 2, 0)


def images_and_regions(features: pd.DataFrame) -> Iterator[tuple[str, str, Rows]]:
    """Rows of each image and region of a feature matrix, in the order of names."""
    columns = feature_columns(features)
    values = features[columns].to_numpy(dtype=float)
    keys = {name: features[name].to_numpy() for name in _KEYS}
    rows = Rows(
        keys["subject_id"],
        keys["session"],
        keys["reader"],
        np.array(columns, dtype=object),
        values,
    )
    pairs = sorted(set(zip(keys["image"], keys["region"], strict=True)))
    for image, region in pairs:
        chosen = (keys["image"] == image) & (keys["region"] == region)
        yield str(image), str(region), rows.where(chosen)
