"""Line on the score and, with times, baseline hazard that an update estimates."""

from dataclasses import dataclass, replace

import numpy as np

from ...errors import FitError
from ...models.fitted_model import Baseline, Estimates, FittedModel
from ...models.recalibration import Recalibration
from ...statistics.updating import event_trials
from ...statistics.updating.regression import Fit, Trials, fit
from . import hazards, kinds
from .subjects import Subjects

_NAN = float("nan")
NOT_RISING = (
    "the slope is {slope:.3g}, not above 0: scores do not order the outcomes here as "
    "they did in development, which no recalibration repairs"
)
SEPARATED = "no finite estimate: the scores separate the outcomes"
NO_RISK = "the model expects no event: it has no baseline hazard"


@dataclass(frozen=True)
class Learnt:
    """An update, before it is put into a document.

    `baseline` is the updated one, None of a binary outcome. `factor` is that of the
    baseline hazard, where it is scaled.
    """

    update: str
    line: Recalibration
    baseline: Baseline | None = None
    factor: float = _NAN
    competing_factor: float = _NAN

    def of(self, model: FittedModel) -> FittedModel:
        """The model with this update: its estimates and its baseline."""
        estimates = recalibrated_estimates(model, self.line)
        baseline = self.baseline
        if baseline is None and model.baseline is not None:
            intercept = model.baseline.intercept
            if intercept is not None:
                intercept = float(self.line.of(intercept))
            baseline = model.baseline.model_copy(update={"intercept": intercept})
        return model.model_copy(update={"estimates": estimates, "baseline": baseline})


@dataclass(frozen=True)
class Learner:
    """Model that is updated, and whether its hazard of other causes is too."""

    model: FittedModel
    ties: hazards.Ties = "efron"
    others_too: bool = False

    def fit(self, update: str, subjects: Subjects) -> Learnt:
        """Estimates of an update from some subjects.

        Raises
        ------
        FitError
            With the reason, if there is no finite estimate or the line does not rise.
        """
        if update == kinds.NONE:
            return Learnt(update, _line(0.0, 1.0), self.model.baseline)
        if not subjects.kind.has_times:
            return self._of_events(update, subjects)
        slope = 1.0
        if kinds.learns_slope(update):
            slope = hazards.cox_slope(subjects, self.ties)
        found = Learnt(update, _line(0.0, slope))
        baseline = self.model.baseline or Baseline()
        if kinds.learns_baseline(update):
            made = hazards.estimated(
                subjects, slope, self.ties, baseline, self.others_too
            )
            return replace(found, baseline=made)
        own, competing = hazards.factor(baseline, subjects), None
        if not np.isfinite(own):
            raise FitError(NO_RISK)
        if self.others_too and hazards.other_causes(baseline):
            competing = hazards.competing_factor(baseline, subjects)
        return replace(
            found,
            baseline=hazards.scaled(baseline, own, competing),
            factor=own,
            competing_factor=_NAN if competing is None else competing,
        )

    def _of_events(self, update: str, subjects: Subjects) -> Learnt:
        found = fit_of_events(update, subjects)
        if not found.converged:
            raise FitError(SEPARATED)
        line = event_trials.line_of(found.coefficients, subjects.score)
        return Learnt(update, _line(*line), None)


def trials_of_events(subjects: Subjects) -> Trials:
    """Trials of a binary outcome."""
    return event_trials.event_trials(
        subjects.event, subjects.score, subjects.weight, subjects.unit
    )


def fit_of_events(update: str, subjects: Subjects) -> Fit:
    """Regression of a binary outcome that an update is; errors robust if need be."""
    robust = subjects.is_clustered or subjects.is_weighted
    n_columns = kinds.parameters(subjects.kind.name)[update]
    return fit(trials_of_events(subjects), n_columns, robust)


def recalibrated_estimates(model: FittedModel, line: Recalibration) -> Estimates:
    """Estimates of a model with all that lies on the scale of its score on a line."""
    found = model.required_estimates()
    if (line.intercept, line.slope) == (0.0, 1.0):
        return found
    return found.model_copy(
        update={
            "recalibration": line.after(found.recalibration),
            "cuts": [float(line.of(cut)) for cut in found.cuts],
            "thresholds": {
                rule: float(line.of(one)) for rule, one in found.thresholds.items()
            },
            "spread": line.slope * found.spread,
            "mean": None if found.mean is None else float(line.of(found.mean)),
        }
    )


def _line(intercept: float, slope: float) -> Recalibration:
    if not slope > 0:
        raise FitError(NOT_RISING.format(slope=slope))
    return Recalibration(intercept=intercept, slope=slope)
