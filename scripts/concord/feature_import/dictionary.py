"""Dictionary of features that another tool computed: what their file declares."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..provenance import digest
from ..tables import feature_columns
from .settings import FeatureColumns
from .sources import SourceFile, in_words

NOT_STATED = "not stated"
#: Name of the recipe of imported features.
AS_GIVEN = "as given"
#: Cells of the dictionary that nobody can fill in for imported features.
_NOT_KNOWN = {
    "ibsi_code": None,
    "ibsi_name": None,
    "unit_ucum": None,
    "conditions": "those of the tool that computed it, which are not known here",
    "recipe": AS_GIVEN,
    "aggregation": None,
    "standardized": False,
}


def declared(table: FeatureColumns) -> dict[str, str]:
    """The declared provenance, which stands where a recipe would."""
    return {
        "software": table.software or NOT_STATED,
        "provenance": table.provenance or NOT_STATED,
    }


def nothing_stated(recipe_hash: str, software: str) -> bool:
    """True if a table declares no provenance: from two cells of its dictionary."""
    return recipe_hash == digest({"software": software, "provenance": NOT_STATED})


def describe_columns(
    matrix: pd.DataFrame,
    columns: Mapping[str, str],
    table: FeatureColumns,
    source: str,
) -> list[dict[str, Any]]:
    """One row (kind `dictionary`) per image, region and column of a matrix.

    Measurand and unit are those of the file, whatever they are: equal words do not
    prove equal definitions, so no column counts as standardized.

    Parameters
    ----------
    matrix : DataFrame
        Feature matrix.
    columns : mapping
        Column of the file behind each column of the matrix.
    table : FeatureColumns
        What the study declares of them.
    source : str
        Name of the file.
    """
    shared = _NOT_KNOWN | {
        "unit": f"as given by {source}",
        "recipe_hash": digest(declared(table)),
        "software": declared(table)["software"],
    }
    readers = matrix.groupby(["image", "region"])["reader"].unique()
    return [
        {
            "name": f"{image}.{region}.{column}",
            "image": image,
            "region": region,
            "column": column,
            "readers": " ".join(sorted(readers[image, region])),
            **dict(
                zip(("filter", "family", "feature"), column.split("."), strict=True)
            ),
            "measurand": f"as given by {source}, column {columns[column]}",
            **shared,
        }
        for image, region in sorted(readers.index)
        for column in feature_columns(matrix)
    ]


def document(
    table: FeatureColumns,
    files: Sequence[SourceFile],
    matrix: pd.DataFrame,
    shape: tuple[int, int],
) -> dict[str, Any]:
    """The declared provenance by its hash, and which files the numbers came from.

    `shape` are the rows and columns of the table.
    """
    source = in_words(files)
    subjects = matrix.drop_duplicates("subject_id")["site"].value_counts()
    known = declared(table)
    return {
        "recipes": {
            digest(known): {"settings": known, "methods": sentence(known, source)}
        },
        "source": {
            "files": [file._asdict() for file in files],
            "rows": shape[0],
            "rows_used": len(matrix),
            "columns": shape[1],
            "features": len(feature_columns(matrix)),
            "subjects_with_features": {str(k): int(v) for k, v in subjects.items()},
        },
    }


def sentence(known: Mapping[str, str], source: str) -> str:
    """Sentence of the paper's methods from the declared provenance."""
    return (
        f"Features were taken as given from {source} (software: {known['software']}; "
        f"{known['provenance'].rstrip('.')}); they were not computed or checked here."
    )
