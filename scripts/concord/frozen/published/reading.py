"""A published equation, read from YAML and made a frozen model."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ...config_faults import Fault
from ...errors import ConfigError, StudyError
from ...features.settings import inheritance
from ...folds.settings import CovariateSection
from ...folds.subject_table import COVARIATE
from ...models.settings.arm import Arm
from ...models.settings.specification import ModelSpecification
from ...statistics.outcome_kinds import BINARY, SURVIVAL
from ...tables.yaml_text import read_settings_file
from ..development import Applicability, ColumnSummary, Population
from ..document import FrozenModel
from ..inputs import FeatureInput, Origin, OutcomeInput
from . import equation
from .features import Measurable, TermError, of_table
from .sections import CovariateTerm, PublishedModel, faults

#: Names that a study gives its own session and reader; it says which are used.
SESSION, READER = "baseline", "A"
#: Development "set" of a model whose subjects are those of a publication.
PUBLICATION = "publication"
Inputs = dict[str, FeatureInput]


def read_published(path: str | Path) -> FrozenModel:
    """A published equation as a frozen model; the same file gives the same model.

    Raises
    ------
    StudyError
        Listing every fault of the file, each by its key.
    """
    model = _parsed(path)
    found = [Fault(str(path), *fault) for fault in faults(model)]
    found += [Fault(str(path), *one) for one in _recipe_faults(model)]
    _raise(found)
    inputs, placed, told = _placed(model)
    _raise([Fault(str(path), *fault) for fault in told])
    return _document(model, inputs, placed)


def _parsed(path: str | Path) -> PublishedModel:
    try:
        return PublishedModel.model_validate(read_settings_file(path))
    except ValidationError as error:
        told = [
            Fault(str(path), ".".join(map(str, one["loc"])), _words(one))
            for one in error.errors()
        ]
        _raise(told)
        raise
    except (ConfigError, OSError) as error:
        raise StudyError(str(error)) from error


def _words(error: Any) -> str:
    """A fault of one key: what is expected and, of a single value, what was found."""
    said = str(error["msg"]).removeprefix("Value error, ")
    found = error["input"]
    if isinstance(found, dict | list) or error["type"] == "missing":
        return said
    return f"{said}, found {found!r}"


def _recipe_faults(model: PublishedModel) -> Iterator[tuple[str, str]]:
    yield from inheritance.recipe_faults(model.recipes)
    images = dict(inheritance.plain_images(model.recipes)) | dict(model.images)
    for name, image in images.items():
        if image.modality is None:
            yield f"images.{name}.modality", "is missing; give CT, MR or PT"
            return
    yield from inheritance.target_faults(model.recipes, images)


def _placed(
    model: PublishedModel,
) -> tuple[Inputs, list[equation.Placed], list[tuple[str, str]]]:
    """Features by name, terms by column (features first), and faults of the terms."""
    inputs: Inputs = {}
    placed: list[equation.Placed] = []
    told: list[tuple[str, str]] = []
    measurable = Measurable.of(model) if model.recipes else None
    for number, term in enumerate(model.terms, 1):
        key = f"terms.{number}"
        try:
            column, known = _column(model, term, measurable)
        except TermError as error:
            told.append((key, str(error)))
            continue
        if column in {one.column for one in placed}:
            told.append((key, f"weighs {column} a second time; give one coefficient"))
        if known is not None:
            if term.unit not in (None, known.unit):
                wrong = f"unit is {term.unit!r}, that of {column} {known.unit!r}"
                told.append((key, f"{wrong}; convert the coefficient"))
            inputs[column] = known
        placed.append(equation.Placed(column=column, term=term))
    placed.sort(key=lambda one: (one.column.startswith(COVARIATE), one.column))
    return dict(sorted(inputs.items())), placed, told


def _column(
    model: PublishedModel, term: Any, measurable: Measurable | None
) -> tuple[str, FeatureInput | None]:
    """Column of the predictors of a term, with what is known of a feature."""
    if term.covariate is not None:
        one = term.covariate
        level = f"={one.level}" if one.level is not None else ""
        return f"{COVARIATE}{one.name}{level}", None
    if measurable is None:
        return of_table(term.feature, model)
    return measurable.input_of(term.feature)


def _document(
    model: PublishedModel, inputs: Inputs, placed: list[equation.Placed]
) -> FrozenModel:
    covariates = _covariates(model)
    specification = ModelSpecification(
        endpoint=model.outcome.name,
        kind=SURVIVAL.name if model.has_times else BINARY.name,
        name=model.name,
        arm=_arm(model, inputs, covariates, placed),
        baseline_session=SESSION,
        reference_reader=READER,
    )
    fitted = equation.fitted(model, specification, placed)
    terms = f" Terms of use: {model.licence}." if model.licence else ""
    return FrozenModel.of(
        name=model.name,
        label=model.title,
        intended_use=model.intended_use,
        origin=Origin(
            study=model.title,
            source="published",
            development=PUBLICATION,
            reference=model.reference + terms,
        ),
        outcome=_outcome(model),
        specification=specification,
        model=fitted,
        features=inputs,
        covariates=covariates,
        configuration=_configuration(model),
        applicability=Applicability(ranges=_ranges(model, placed)),
        expected=model.expected,
        population=Population(
            n=model.population.n,
            n_events=model.population.n_events,
            facts={"population": model.population.words},
        ),
    )


def _arm(
    model: PublishedModel,
    inputs: Inputs,
    covariates: dict[str, CovariateSection],
    placed: list[equation.Placed],
) -> Arm:
    return Arm.model_validate(
        {
            "features": list(inputs),
            "covariates": list(covariates),
            "stability_filter": False,
            "max_missing": 0.0,
            "model": {
                "kind": "linear_predictor",
                "weights": equation.weights_of(placed),
                "intercept": model.intercept,
                "means": equation.means_of(placed),
            },
        }
    )


def _covariates(model: PublishedModel) -> dict[str, CovariateSection]:
    found: dict[str, CovariateSection] = {}
    for term in model.terms:
        one = term.covariate
        if one is not None:
            found[one.name] = _covariate(one)
    return found


def _covariate(one: CovariateTerm) -> CovariateSection:
    return CovariateSection(
        column=one.column or one.name,
        kind="category" if one.levels else "number",
        levels=one.levels,
        label=one.label,
        unit=one.unit,
    )


def _outcome(model: PublishedModel) -> OutcomeInput:
    outcome = model.outcome
    return OutcomeInput(
        kind=outcome.kind,
        label=outcome.label or outcome.name,
        causes=outcome.causes,
        cause=outcome.cause,
        at_days=[one.days for one in model.baseline],
    )


def _configuration(model: PublishedModel) -> dict[str, Any]:
    """Sections of a study that make the features; none of tables."""
    sections = {
        name: {
            key: one.model_dump(mode="json", exclude_unset=True)
            for key, one in getattr(model, name).items()
        }
        for name in ("images", "recipes", "regions")
    }
    return {name: section for name, section in sections.items() if section}


def _ranges(
    model: PublishedModel, placed: list[equation.Placed]
) -> dict[str, ColumnSummary]:
    return {
        one.column: ColumnSummary(
            n=model.population.n,
            lowest=one.term.range[0],
            highest=one.term.range[1],
            mean=None,
            sd=None,
        )
        for one in placed
        if one.term.range is not None
    }


def _raise(found: list[Fault]) -> None:
    if found:
        lines = [f"  {fault}" for fault in dict.fromkeys(found)]
        told = ["The published model cannot be read:", *lines]
        raise StudyError("\n".join(told))
