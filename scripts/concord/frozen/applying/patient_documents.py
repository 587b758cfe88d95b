"""Result of one patient as a versioned document (JSON), for other systems.

Its JSON schema is `resources/patient_prediction.schema.json`.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from ... import __version__, files
from ...errors import StudyError
from ...fields import Section, schema_text
from ...file_names import label, shared_labels
from ...models.software import software
from .application import Outcome, units_of
from .flags import NO_DEVICE, NOT_APPLICABLE
from .settings import Flag

FORMAT: Literal["concord-patient-prediction"] = "concord-patient-prediction"
SCHEMA_VERSION: Literal[1] = 1


class ToldFlag(Section):
    """Something that was noticed of the patient."""

    flag: Flag
    severity: Literal["red", "amber"]
    voids: bool = Field(description="The score does not apply because of it.")
    item: str = Field(description="Predictor, image, region or fact.")
    seen: str
    expected: str
    words: str = Field(description="The flag in a sentence without a full stop.")


class Input(Section):
    """A predictor of the model, as it was measured."""

    name: str
    value: float | None = Field(description="Null if it is missing.")
    unit: str
    ibsi_code: str | None = Field(default=None, description="IBSI code of a feature.")
    lowest: float | None = Field(default=None, description="Lowest in development.")
    highest: float | None = Field(default=None, description="Highest in development.")


class Chance(Section):
    """Probability of the event, with the interval of the model's instability."""

    horizon_days: float | None = Field(description="Null without times.")
    probability: float | None = Field(description="Null if the model states none.")
    lower: float | None = Field(
        description="Percentile 2.5 over models of bootstrap samples."
    )
    upper: float | None = Field(description="Percentile 97.5.")


class AppliedModel(Section):
    """One model and what it says of the patient."""

    arm: str = Field(description="Name of the model in this study.")
    name: str
    label: str
    hash: str = Field(description="Hash of the file of the model.")
    endpoint: str
    outcome: str = Field(description="Name of the outcome as printed.")
    status: Literal["scored", "not applicable", "not scored"]
    reason: str | None = Field(description="Why there is no score or it is void.")
    inputs: list[Input]
    score: float | None = Field(description="Null unless the status is scored.")
    percentile: float | None = Field(description="Among the scores of development.")
    risk_group: str | None
    chances: list[Chance] = Field(description="Empty unless the status is scored.")
    n_samples: int = Field(description="Bootstrap samples behind the interval.")
    interval_reason: str | None = Field(description="Why there is no interval.")
    adapted_by: list[str] = Field(
        description="Subjects whose images made the estimates of the batch; without "
        "any, the result depends on no other patient."
    )
    flags: list[ToldFlag]


class PatientPrediction(Section):
    """Results of all models for one patient."""

    format: Literal["concord-patient-prediction"] = FORMAT
    schema_version: Literal[1] = SCHEMA_VERSION
    concord_version: str = Field(description="Version of Concord that wrote it.")
    software: dict[str, str] = Field(description="Versions of the software used.")
    notice: str = Field(default=NO_DEVICE, description="What the result is not for.")
    subject_id: str = Field(description="Study id, which names nobody.")
    site: str
    models: list[AppliedModel]


def write(outcomes: Iterable[Outcome], folder: str | Path) -> None:
    """Write the document of each patient as <label of the subject>.json.

    Raises
    ------
    StudyError
        If two subjects would have one file.
    """
    patients = [
        (subject, list(part))
        for subject, part in groupby(outcomes, key=lambda one: one.subject)
    ]
    same = shared_labels(subject for subject, _ in patients)
    if same:
        raise StudyError(
            f"the subjects {same[0][0]!r} and {same[0][1]!r} would share a file; "
            "expected ids that differ in letters and digits. Rename one in the sheets."
        )
    with files.whole_folder(folder) as temporary:
        for subject, part in patients:
            files.write_text(_text(document(part)), temporary / file_name(subject))


def file_name(subject: str) -> str:
    """Name of the file of a subject."""
    return f"{label(subject)}.json"


def document(outcomes: Sequence[Outcome]) -> PatientPrediction:
    """Document of the outcomes of one patient by all models."""
    return PatientPrediction(
        concord_version=__version__,
        software=software(),
        subject_id=outcomes[0].subject,
        site=outcomes[0].site,
        models=[_model(one) for one in outcomes],
    )


def json_schema() -> str:
    """JSON schema of the document, as text."""
    return schema_text(PatientPrediction)


def _text(found: PatientPrediction) -> str:
    plain = found.model_dump(mode="json")
    return json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _model(one: Outcome) -> AppliedModel:
    model, score = one.applied.document, one.score
    told = score.is_scored and one.verdict.status != NOT_APPLICABLE
    return AppliedModel(
        arm=one.applied.arm,
        name=model.name,
        label=model.label,
        hash=model.hash,
        endpoint=model.endpoint,
        outcome=model.outcome.label,
        status=one.verdict.status,  # type: ignore[arg-type]
        reason=one.verdict.reason,
        inputs=list(_inputs(one)),
        score=_number(score.score) if told else None,
        percentile=_number(score.percentile) if told else None,
        risk_group=score.risk_group if told else None,
        chances=list(_chances(one)) if told else [],
        n_samples=score.n_samples,
        interval_reason=score.no_interval,
        adapted_by=list(score.adapted_by),
        flags=list(_flags(one)),
    )


def _inputs(one: Outcome) -> Iterator[Input]:
    model, units = one.applied.document, units_of(one.applied)
    for name, value in one.values.items():
        known, feature = model.applicability.ranges.get(name), model.features.get(name)
        yield Input(
            name=name,
            value=_number(value),
            unit=units.get(name, ""),
            ibsi_code=feature.ibsi_code if feature else None,
            lowest=known.lowest if known else None,
            highest=known.highest if known else None,
        )


def _chances(one: Outcome) -> Iterator[Chance]:
    score = one.score
    for place, horizon in enumerate(one.horizons):
        chance = score.risk[place] if math.isfinite(horizon) else score.probability
        yield Chance(
            horizon_days=_number(horizon),
            probability=_number(chance),
            lower=_number(score.lower[place]),
            upper=_number(score.upper[place]),
        )


def _flags(one: Outcome) -> Iterator[ToldFlag]:
    for raised in one.raised:
        yield ToldFlag(
            flag=raised.flag,
            severity=raised.severity,
            voids=one.voids(raised),
            item=raised.item,
            seen=raised.seen,
            expected=raised.expected,
            words=raised.words,
        )


def _number(value: Any) -> float | None:
    """A finite number, or None."""
    return float(value) if math.isfinite(value) else None
