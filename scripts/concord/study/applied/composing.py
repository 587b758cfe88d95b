"""The configuration of a study that applies frozen models, completed from them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ...config_faults import Fault, nearest, raise_config_faults
from ...errors import ConfigError, StudyError
from ...frozen.applying.settings import ModelsSection, of_path
from ...frozen.document import FrozenModel
from ...frozen.reading import read_model
from ...statistics.outcome_kinds import SURVIVAL
from ..key_faults import faults_of
from .merging import merged

#: Sections that come from the models alone.
_OF_MODELS = (
    "arms",
    "recipes",
    "regions",
    "harmonization",
    "validation",
    "variants",
    "stability",
    "multiverse",
    "freeze",
    "predictions",
)
#: Sections about images, which a study that starts from a table has not.
_OF_IMAGES = ("images", "ingest", "recipes", "regions", "protocol")


def composed(raw: Mapping[str, Any], path: Path) -> tuple[dict[str, Any], list[Fault]]:
    """The configuration with all that its frozen models say; as it is without any.

    Parameters
    ----------
    raw : mapping
        The configuration as it was read.
    path : Path
        Where it was read from; models are looked for beside it.

    Raises
    ------
    ConfigError
        If a model cannot be read, or the section `model` is not valid.
    """
    if raw.get("model") is None:
        return dict(raw), []
    models = _read(_section(raw["model"], path), path)
    faults = [Fault(str(path), *fault) for fault in _faults(raw, models)]
    given = {key: one for key, one in raw.items() if key not in _OF_MODELS}
    whole, clashes = merged(_said(models, given), given)
    faults += [Fault(str(path), *fault) for fault in clashes]
    return whole, faults


def _section(given: Any, path: Path) -> ModelsSection:
    try:
        return ModelsSection.model_validate(of_path(given))
    except ValidationError as error:
        told = faults_of(error, str(path), ModelsSection)
        raise_config_faults([one._replace(key=f"model.{one.key}") for one in told])
        raise


def _read(section: ModelsSection, path: Path) -> dict[str, FrozenModel]:
    """The models by the name of their arm, the headline first."""
    try:
        first = read_model(path.parent / section.path)
        others = {
            name: read_model(path.parent / file)
            for name, file in section.compare_with.items()
        }
    except StudyError as error:
        raise ConfigError(f"The study cannot start: {error}") from error
    return {first.name: first} | others


def _faults(
    raw: Mapping[str, Any], models: Mapping[str, FrozenModel]
) -> Iterator[tuple[str, str]]:
    """Sections that come from the models, and models that do not go together."""
    for section in _OF_MODELS:
        if section in raw:
            yield section, "comes from the frozen model; remove the section"
    headline, *others = models.items()
    for name, model in others:
        if model.endpoint != headline[1].endpoint:
            yield (
                f"model.compare_with.{name}",
                f"predicts {model.endpoint!r}, the model of model.path "
                f"{headline[1].endpoint!r}; expected the same endpoint",
            )
    for name in raw.get("endpoints") or {}:
        if name != headline[1].endpoint:
            known = nearest(str(name), [headline[1].endpoint])
            yield f"endpoints.{name}", f"is not what the model predicts{known}"


def _said(models: Mapping[str, FrozenModel], raw: Mapping[str, Any]) -> dict[str, Any]:
    """All that the models say of a configuration; raises ConfigError if they differ."""
    headline = next(iter(models))
    reference = next((name for name in models if name != headline), headline)
    found: dict[str, Any] = {}
    for name, model in models.items():
        found, clashes = merged(found, _configuration(model, raw), strict=True)
        for key, message in clashes:
            raise ConfigError(
                f"The study cannot start: the models {headline!r} and {name!r} need "
                f"different values of {key}: {message}. Apply them in studies apart."
            )
    if any(model.features for model in models.values()):
        own = found.get("harmonization") or {}
        batch = _batches(models.values(), own)
        found["harmonization"] = {**own, "batch": batch}
    if not _of_table(raw):
        found["crosscheck"] = {"cases_per_site": 0}
    return found | {
        "arms": {name: {"label": model.label} for name, model in models.items()},
        "endpoints": _endpoints(models[headline], raw),
        "evaluation": {"headline_arm": headline, "reference_arm": reference},
    }


def _batches(
    models: Iterable[FrozenModel], harmonization: Mapping[str, Any]
) -> dict[str, list[str]]:
    """Batch variables of the models; of an image that none harmonizes, the site.

    A study names a batch of every image, and no model looks at that one.
    """
    batch = dict(harmonization.get("batch") or {})
    for one in models:
        for feature in one.features.values():
            if feature.image not in batch and feature.modality not in batch:
                batch[feature.image] = ["site"]
    return batch


def _configuration(model: FrozenModel, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Sections of one model."""
    covariates = {
        name: one.model_dump(mode="json", exclude_defaults=True)
        for name, one in model.covariates.items()
    }
    of_table = _of_table(raw)
    kept = {
        name: section
        for name, section in model.configuration.items()
        if not (of_table and name in _OF_IMAGES)
    }
    return {**kept, "covariates": covariates} if covariates else kept


def _of_table(raw: Mapping[str, Any]) -> bool:
    """True of a study that starts from a table of features."""
    return raw.get("feature_table") is not None


def _endpoints(model: FrozenModel, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The endpoint of the model, if the study gives its columns."""
    if not (raw.get("endpoints") or {}).get(model.endpoint):
        return {}
    outcome = model.outcome
    timed = model.specification.kind == SURVIVAL.name
    competing = {"causes": outcome.causes, "cause": outcome.cause}
    kind = "prognostic" if timed or outcome.horizon_days else "diagnostic"
    said = {
        "kind": "competing" if outcome.causes else kind,
        "label": outcome.label,
        "evaluate_at_days": outcome.at_days,
        "horizon_days": outcome.horizon_days,
        "censored_before": outcome.censored_before,
        "strata": outcome.strata,
        **(competing if outcome.causes else {}),
    }
    return {model.endpoint: {key: one for key, one in said.items() if one}}
