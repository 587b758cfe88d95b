"""Inputs of a frozen model: features as their dictionary describes them, covariates."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ...errors import StudyError
from ...feature_import.dictionary import NOT_STATED
from ...folds.settings import CovariateSection
from ...folds.subject_table import COVARIATE, feature_names
from ...image_names import MODALITIES
from ...provenance import digest
from ..inputs import FeatureInput, OutcomeInput
from ..settings import FrozenEndpoint

_NOTHING_STATED = digest({"software": NOT_STATED, "provenance": NOT_STATED})
_MOST_SHOWN = 3


def dictionary_rows(
    columns: Iterable[str], dictionary: pd.DataFrame
) -> list[dict[str, Any]]:
    """Rows of the dictionary of those columns that are features, in order.

    Raises
    ------
    StudyError
        If it lacks one.
    """
    names = feature_names(columns)
    known = dictionary.set_index("name")
    lacking = [name for name in names if name not in known.index]
    if lacking:
        raise StudyError(
            f"freeze: the dictionary lacks {len(lacking)} features of the model, such "
            f"as {lacking[:_MOST_SHOWN]}. Run rule feature_table again."
        )
    rows = known.loc[names].reset_index()
    plain = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in plain]


def feature_inputs(
    rows: Iterable[Mapping[str, Any]],
    images: Mapping[str, Any],
    settings_hashes: Mapping[str, str],
) -> dict[str, FeatureInput]:
    """Features by full name.

    Parameters
    ----------
    rows : iterable of mapping
        From `dictionary_rows`.
    images : mapping
        Those of the configuration.
    settings_hashes : mapping of str to str
        Hash of each recipe without versions, by its complete hash.
    """
    found = {}
    for row in rows:
        name = str(row["name"])
        kept = {key: row[key] for key in FeatureInput.model_fields if key in row}
        kept["settings_hash"] = settings_hashes.get(str(row["recipe_hash"]))
        kept["modality"] = modality_of(str(row["image"]), images)
        if row["software"] == NOT_STATED:
            kept["software"] = None
        if row["recipe_hash"] == _NOTHING_STATED:
            kept["recipe_hash"] = None
        found[name] = FeatureInput(**kept)
    return found


def modality_of(image: str, images: Mapping[str, Any]) -> str:
    """Modality of an image; empty for one of a feature table that nobody told."""
    told = images.get(image, {}).get("modality")
    return str(told or (image if image in MODALITIES else ""))


def covariate_inputs(
    columns: Iterable[str], covariates: Mapping[str, CovariateSection]
) -> dict[str, CovariateSection]:
    """Covariates behind some columns, by name, in the order of the study."""
    used = {
        name.removeprefix(COVARIATE).partition("=")[0]
        for name in columns
        if name.startswith(COVARIATE)
    }
    return {name: one for name, one in covariates.items() if name in used}


def outcome_input(endpoint: FrozenEndpoint, name: str) -> OutcomeInput:
    """Definition of an endpoint, without the columns of this study's sheet."""
    return OutcomeInput(
        kind=endpoint.kind,
        label=endpoint.label or name,
        causes=endpoint.causes,
        cause=endpoint.cause,
        at_days=sorted(set(endpoint.evaluate_at_days)),
        horizon_days=endpoint.horizon_days,
        censored_before=(
            endpoint.censored_before if endpoint.horizon_days is not None else None
        ),
        strata=endpoint.strata,
    )
