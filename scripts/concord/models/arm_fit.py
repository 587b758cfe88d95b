"""Fit of any arm to the development rows of a fold, plain or fused."""

from ..folds.splitting import FoldName, SubjectRows
from .arm import Measure, repeated_measurements
from .fold_fit import FoldFit, fit_fold
from .fusion.fit import fit_fused
from .settings.specification import ModelSpecification


class FoldFits:
    """Fits of arms to the development rows of one fold; each arm is fitted once.

    A fused arm takes the fits of its members that other arms have had already. A
    fit is the same, to the last bit, whoever asks for it.

    Parameters
    ----------
    name : FoldName
        The fold.
    rows : SubjectRows
        Its development rows.
    measure : callable, optional
        Makes the repeated measurements of the development subjects.
    """

    def __init__(
        self,
        name: FoldName,
        rows: SubjectRows,
        measure: Measure = repeated_measurements,
    ) -> None:
        self._name, self._rows, self._measure = name, rows, measure
        self._known: list[tuple[ModelSpecification, FoldFit]] = []

    def of(self, specification: ModelSpecification) -> FoldFit:
        """Fit of an arm."""
        for known, found in self._known:
            if known == specification:
                return found
        fitted = self._fitted(specification)
        self._known.append((specification, fitted))
        return fitted

    def _fitted(self, specification: ModelSpecification) -> FoldFit:
        fold = self._name, self._rows, specification
        if not specification.members:
            return fit_fold(*fold, self._measure)
        members = {name: self.of(one) for name, one in specification.members.items()}
        return fit_fused(*fold, members, self._measure)


def fit_in_fold(
    name: FoldName,
    rows: SubjectRows,
    specification: ModelSpecification,
    measure: Measure = repeated_measurements,
) -> FoldFit:
    """Fit one arm to the development rows of a fold."""
    return FoldFits(name, rows, measure).of(specification)
