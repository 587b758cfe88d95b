"""Faults between the section `predictions` and the others of a configuration."""

from collections.abc import Iterator

from ..config import SITE, StudyConfig
from ..feature_table_checks import OF_IMAGES

#: Sections that say how features, or models of them, come about.
_OF_MODELS = ("feature_table", "images", "harmonization", "stability")
#: Keys of the validation that concern folds which are not made here.
_OF_FOLDS = (
    "stratify_by",
    "folds",
    "repeats",
    "leave_one_group_out",
    "temporal",
    "fixed",
    "bootstrap",
    "samples_per_job",
    "repeats_per_job",
    "arms_per_job",
)


def missing_sections(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Sections without which a study cannot fit models, as (key, message)."""
    if config.model is not None:
        return
    needed = ["endpoints"]
    if config.predictions is None:
        needed += ["arms", "harmonization"]
    for section in needed:
        known = config.model_fields_set
        is_empty = section != "harmonization" and not getattr(config, section)
        if section not in known or is_empty:
            meaning = StudyConfig.model_fields[section].description
            yield section, f"this key is missing: {meaning}"


def foreign_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Sections and keys that a study of given predictions cannot have."""
    if config.predictions is None:
        return
    yield from _without_effect(config)
    group = config.validation.group
    if group != SITE:
        yield (
            "validation.group",
            f"is {group!r}; groups of given predictions are those of the subjects "
            "sheet: expected site",
        )
    for name, endpoint in config.endpoints.items():
        if endpoint.marker_patterns:
            yield (
                f"endpoints.{name}.markers",
                f"names the features {endpoint.marker_patterns}, which a study of "
                "given predictions has not; name covariates",
            )


def _without_effect(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Sections and keys that nothing would read."""
    if config.arms:
        yield (
            "arms",
            f"names {', '.join(config.arms)}, but a study of given predictions fits no "
            "model: its arms are the models of the table. Remove the section; to judge "
            "own models, give the same subjects, without predictions, to a study of "
            "their own, whose table of predictions may be given here beside the others",
        )
    for section in (*OF_IMAGES, *_OF_MODELS):
        if section in config.model_fields_set and getattr(config, section):
            yield section, "has no effect in a study of given predictions; remove it"
    for key in _OF_FOLDS:
        if key in config.validation.model_fields_set:
            yield (
                f"validation.{key}",
                "has no effect in a study of given predictions, whose folds are those "
                "of the table; remove it",
            )
    if config.evaluation.decline_company:
        yield (
            "evaluation.decline_company",
            "has no effect in a study of given predictions: no baseline can be added "
            "to models that are not fitted here; remove it",
        )
