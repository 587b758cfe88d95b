"""Subject table: one row per subject, one column per feature of an image and region."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

import pandas as pd

from .. import tables
from ..errors import ConfigError, StudyError
from ..features.feature_name import image_of, of_main_recipe, prefix
from . import batch_column

#: How the names of covariates begin, and of all predictors that are not features.
COVARIATE = "covariate."
NOT_FEATURES = (batch_column.PREFIX, COVARIATE, "group")


def feature_matrix(table: pd.DataFrame, session: str, reader: str) -> pd.DataFrame:
    """One row per subject, columns `<image>.<region>.<column>`, sorted.

    Only measurements of one session and one reader are used.
    """
    chosen = table[(table["session"] == session) & (table["reader"] == reader)]
    columns = tables.feature_columns(table)
    blocks = [
        rows.set_index("subject_id")[columns].add_prefix(
            prefix(str(image), str(region))
        )
        for (image, region), rows in chosen.groupby(["image", "region"])
    ]
    if not blocks:
        raise StudyError(
            f"no features of session {session!r} by reader {reader!r}; the table has "
            f"sessions {sorted(set(table['session']))} and readers "
            f"{sorted(set(table['reader']))}. Check study.baseline_session and "
            "study.reference_reader."
        )
    return pd.concat(blocks, axis=1).sort_index()


def matching(names: Sequence[str], patterns: Sequence[str]) -> list[str]:
    """Names that match any of the glob patterns; ConfigError for an idle one.

    A recipe besides the main one is reached only by a pattern that names it, so that
    a negative control never slips into an arm that takes everything.
    """
    return list(_matching(tuple(names), tuple(patterns)))


@lru_cache(maxsize=256)
def _matching(names: tuple[str, ...], patterns: tuple[str, ...]) -> tuple[str, ...]:
    fitting = {p: {name for name in names if _fits(name, p)} for p in patterns}
    for pattern, found in fitting.items():
        if not found:
            raise ConfigError(
                f"arms: the pattern {pattern!r} matches none of {len(names)} features "
                f"such as {list(names[:3])}. Names are "
                "<image>.<region>.<filter>[@<recipe>].<family>.<feature>; recipes "
                "besides the main one must be named."
            )
    every = set[str]().union(*fitting.values())
    return tuple(name for name in names if name in every)


def _fits(name: str, pattern: str) -> bool:
    same_recipe = of_main_recipe(name) == of_main_recipe(pattern)
    return fnmatchcase(name, pattern) and same_recipe


def images(features: Iterable[str]) -> list[str]:
    """Images of full feature names, sorted."""
    return sorted({image_of(name) for name in features})


def feature_names(columns: Iterable[str]) -> list[str]:
    """Those columns of the predictors that are features, in order."""
    return [name for name in columns if not name.startswith(NOT_FEATURES)]
