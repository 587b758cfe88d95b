"""Readable names of features, families, metrics, stages and arms."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..features.families import LABELS as FAMILIES
from ..folds.scheme import EVALUATED
from ..models.settings.model import ModelSection

#: Filters that a name need not tell: none, and none that is known.
_NO_FILTER = ("original", "unknown")
METRICS = {"auc": "AUC", "c_index": "C-index"}
STAGES = {
    "raw": "raw",
    "fold-fitted": "fold-fitted classifier",
    "harmonized": "harmonized (held-out)",
}
SCHEMES = {kind.name: kind.label for kind in EVALUATED}
#: Batch variable that needs no name of its own.
SITE = "site"
AXES = {
    "reader": "readers",
    "retest": "test-retest",
    "perturbation": "perturbation",
    "resampling": "resampling",
    "discretization": "discretization",
}
#: Value of each metric that a model without information reaches.
CHANCE = 0.5


def family(column: str) -> str:
    """The family of a column ``filter.family.feature``, as a key of FAMILIES."""
    return column.split(".")[-2]


def family_order(families: Iterable[str]) -> list[str]:
    """Families in the order of IBSI, then unknown ones by name."""
    known = list(FAMILIES)
    return sorted(
        set(families), key=lambda f: (known.index(f) if f in known else 99, f)
    )


def feature(name: str) -> str:
    """A full name ``CT.tumour.original.glcm.contrast`` in words."""
    parts = name.split(".")
    if len(parts) != 5:
        return name
    image, region, source, family_key, short = parts
    family_name = FAMILIES.get(family_key, family_key)
    words = short.replace("_", " ").replace("=(missing)", " (missing)")
    return f"{image} {region.replace('_', ' ')}: {family_name} {words}{_source(source)}"


def _source(text: str) -> str:
    """Filter and recipe of ``image[@recipe]`` in brackets; none if both are usual."""
    image, _, recipe = text.partition("@")
    parts = [] if image in _NO_FILTER else [image.replace("_", " ")]
    parts += [f"recipe {recipe.replace('_', ' ')}"] if recipe else []
    return f" ({', '.join(parts)})" if parts else ""


def operating_point(row: Any) -> str:
    """Threshold rule of a row of kind "operating_points" in words."""
    if row["rule"] == "youden":
        return "Youden's index in development"
    if pd.isna(row["asked"]):
        return f"Threshold by {row['rule']}, as given"
    asked = f"{100 * row['asked']:g} %"
    if row["rule"] == "probability":
        return f"Risk of {asked} or more"
    return f"{str(row['rule']).capitalize()} of {asked} in development"


def metric(key: str) -> str:
    """A metric as it is printed."""
    return METRICS.get(key, key)


def label(name: str, labels: Mapping[str, str]) -> str:
    """Label of an arm, endpoint or covariate, or its name if it has none."""
    return labels.get(name, "") or name.replace("_", " ")


def arm_order(arms: Iterable[str], headline: str, reference: str) -> list[str]:
    """Arms in the order of all figures and tables: headline, reference, others."""
    first = [headline, reference]
    present = set(arms)
    rest = sorted(present.difference(first))
    return [arm for arm in first if arm in present] + rest


def with_interval(row: pd.Series) -> str:
    """An estimate with its interval, or what stands in its place, in few words."""
    if pd.isna(row["estimate"]):
        return "not defined"
    if pd.isna(row["lower"]):
        reason = row["reason"]
        why = "no interval" if pd.isna(reason) else str(reason).partition(":")[0]
        return f"{row['estimate']:.2f} ({why})"
    return f"{row['estimate']:.2f} ({row['lower']:.2f} to {row['upper']:.2f})"


def measured_on(image: str, region: str) -> str:
    """Image and region as a title."""
    return f"{image} {region.replace('_', ' ')}"


def no_coefficients(model: ModelSection) -> str:
    """Sentence on a headline arm without a feature that has a coefficient."""
    if not model.is_linear:
        return "The headline arm predicts by trees, which have no coefficients."
    return "The headline arm selected no feature."


def key_name(key: str) -> str:
    """Key of the configuration in words: its last parts, without underscores."""
    parts = key.split(".")
    if parts[0] == "recipes":
        return f"Recipe of {parts[-1]}"
    if parts[0] == "arms":
        head = "" if len(parts) > 2 else parts[1]
        words = " ".join(parts[2:]) or head
    else:
        words = " ".join(parts[1:]) if parts[0] == "study" else " ".join(parts)
    words = words.replace("_", " ")
    return words[:1].upper() + words[1:]
