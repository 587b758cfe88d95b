"""The configuration as it is read: every fault of it at once, as one line each."""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from ..config_faults import Fault, nearest, raise_config_faults
from ..errors import ConfigError
from ..evaluation.instability.checks import instability_faults
from ..evaluation.subgroups.checks import subgroup_faults
from ..evaluation.treatment.checks import predictive_faults
from ..features.settings.inheritance import recipe_faults
from ..folds.endpoints.faults import endpoint_faults
from ..folds.validation import validation_faults
from ..frozen.settings import freeze_faults
from ..ingest.acquisition.settings import protocol_faults
from ..ingest.faults.codes import CODES
from ..models.settings.faults import model_faults
from ..models.settings.fusion import fusion_faults
from .config import SITE, StudyConfig
from .consensus import reader_faults
from .entry import names, sources
from .feature_table_checks import entry_faults, file_faults
from .given.section import foreign_faults, missing_sections
from .key_faults import faults_of


def parse(raw: dict[str, Any], where: str) -> tuple[StudyConfig, list[Fault]]:
    """The configuration and its faults, unknown keys set aside.

    Raises
    ------
    ConfigError
        Listing every fault, if more is wrong than unknown keys and references
        between sections; the sheets cannot be found then.
    """
    config, of_keys, between = parsed(raw, where)
    if config is None:
        raise_config_faults(of_keys)
        raise ConfigError(f"{where}: the configuration cannot be read.")
    return config, of_keys + between


def parsed(
    raw: dict[str, Any], where: str
) -> tuple[StudyConfig | None, list[Fault], list[Fault]]:
    """The configuration, faults of single keys, and faults that no key has alone.

    None in place of a configuration that is more at fault than by unknown keys.
    """
    faults = [Fault(where, *fault) for fault in names.text_faults(raw)]
    try:
        config = StudyConfig.model_validate(raw)
    except ValidationError as error:
        found = faults_of(error, where)
        unknown = [e["loc"] for e in error.errors() if e["type"] == "extra_forbidden"]
        faults += found
        if len(unknown) < len(found):
            return None, faults, []
        try:
            # The unknown keys may have been needed.
            config = StudyConfig.model_validate(_without(raw, unknown))
        except ValidationError as second:
            return None, faults + faults_of(second, where), []
    if lacking := [Fault(where, *fault) for fault in missing_sections(config)]:
        return None, faults + lacking, []
    return config, faults, [Fault(where, *fault) for fault in _cross_faults(config)]


def _without(raw: dict[str, Any], locations: list[tuple[int | str, ...]]) -> Any:
    """A copy of the configuration without some of its keys."""
    copy = deepcopy(raw)
    for *parents, key in locations:
        value: Any = copy
        for parent in parents:
            value = value[parent]
        del value[key]
    return copy


def _cross_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Faults that no section can see alone, as (key, message)."""
    yield from entry_faults(config)
    yield from foreign_faults(config)
    yield from file_faults(config)
    yield from names.key_faults(config)
    yield from names.named_faults(config)
    yield from sources.root_faults(config)
    yield from _sheet_faults(config)
    yield from _code_faults(config)
    yield from protocol_faults(config.protocol)
    yield from recipe_faults(config.recipes)
    yield from _outcome_faults(config)
    yield from predictive_faults(config)
    yield from instability_faults(config)
    yield from subgroup_faults(config)
    yield from _tie_faults(config)
    yield from validation_faults(config.validation)
    yield from freeze_faults(config)
    yield from reader_faults(config)
    yield from _reference_faults(config)
    yield from _arm_faults(config)
    yield from model_faults(config.arms, config.endpoints, config.covariates)
    yield from _batch_faults(config)


def _sheet_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    sheets = config.sheets
    if (sheets.site_column is None) == (sheets.site is None):
        yield (
            "sheets.site_column",
            f"is {sheets.site_column!r} and sheets.site is {sheets.site!r}; give "
            "exactly one of them and set the other to null",
        )


def _code_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Codes that are none, or that cannot be waived."""
    faults = [name for name, code in CODES.items() if code.kind == "fault"]
    waivable = [name for name, code in CODES.items() if code.waivable]
    for code in config.ingest.on_fault_codes:
        if code not in faults:
            hint = nearest(code, faults)
            yield f"ingest.on_fault_codes.{code}", f"is no code of a fault{hint}"
    for code in config.ingest.waive:
        if code not in waivable:
            what = "cannot be waived" if code in CODES else "is no code of a fault"
            yield f"ingest.waive.{code}", f"{what}{nearest(code, waivable)}"


def _outcome_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    yield from endpoint_faults(config.endpoints, config.covariates, config.factors)
    for name, covariate in config.covariates.items():
        factors = {f.column: n for n, f in config.factors.items()}
        if covariate.column in factors:
            yield (
                f"covariates.{name}.column",
                f"{covariate.column!r} is the factor {factors[covariate.column]} too; "
                "a covariate may predict, a factor never: declare it once",
            )
        if covariate.kind == "category" and len(covariate.levels) < 2:
            yield (
                f"covariates.{name}.levels",
                f"are {covariate.levels}; a category declares at least two",
            )


def _tie_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    for name, endpoint in config.endpoints.items():
        if not endpoint.outcome.has_times and endpoint.ties != "efron":
            yield (
                f"endpoints.{name}.ties",
                f"is {endpoint.ties}; a model without times has no events at one time. "
                "Leave the key out",
            )


def _reference_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Names that one section uses and another one must define."""
    uses: list[tuple[str, list[str], Iterable[str]]] = [
        ("harmonization.keep", config.harmonization.keep, config.covariates),
    ]
    if config.predictions is None:  # of given ones, the table tells the arms
        judged = config.evaluation
        for key in ("headline_arm", "reference_arm"):
            uses.append((f"evaluation.{key}", [getattr(judged, key)], config.arms))
    for name, arm in config.arms.items():
        uses.append((f"arms.{name}.covariates", arm.covariates, config.covariates))
    for key, used, known in uses:
        for name in used:
            if name not in set(known):
                yield key, f"{name!r} is not defined{nearest(name, known)}"


def _arm_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    for name, arm in config.arms.items():
        if not arm.has_predictors and config.model is None:
            yield (
                f"arms.{name}",
                "has no predictor; give covariates, features or group_indicator",
            )
    yield from fusion_faults(config.arms)


def _batch_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Batches and groups that are no variable of the images."""
    columns = [
        (f"harmonization.batch.{image}", column)
        for image, variables in config.harmonization.batch.items()
        for column in variables
    ]
    column = config.validation.group.rpartition(".")[2]
    columns.append(("validation.group", column))
    for key, column in columns:
        if column != SITE and column not in config.batch_variables():
            known = [SITE, *config.batch_variables()]
            yield key, f"{column!r} is no batch variable{nearest(column, known)}"
