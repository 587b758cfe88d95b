"""Planted leaks of fused arms: those of their members, and weights of all rows."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from ... import provenance
from ...folds.splitting import FoldName, SubjectRows, splits
from ..arm import arm_data, repeated_measurements
from ..fold_fit import fit_fold
from ..fusion.combination import fit_combination
from ..fusion.member_scores import Member
from ..settings.specification import ModelSpecification

#: The split of whole tables into one fold, and what is learnt in it, as a hash.
HashedFit = Callable[[SubjectRows, pd.DataFrame, ModelSpecification], str]


def of_members(control: HashedFit) -> HashedFit:
    """A planted leak of a plain arm, of a fused one in each member with features."""

    def hashed(
        tables: SubjectRows, fold: pd.DataFrame, specification: ModelSpecification
    ) -> str:
        members = specification.members.values()
        with_features = [one for one in members if one.arm.features]
        chosen = with_features or [*members] or [specification]
        hashes = [control(tables, fold, one) for one in chosen]
        return hashes[0] if len(hashes) == 1 else provenance.digest(hashes)

    return hashed


def weighted_before_the_split(
    tables: SubjectRows, fold: pd.DataFrame, specification: ModelSpecification
) -> str:
    """A common mistake of stacking: weights learnt from scores and outcomes of all.

    The members themselves are fitted to the development rows alone.
    """
    first = fold.iloc[0]
    name = FoldName(str(first["scheme"]), int(first["repeat"]), str(first["fold"]))
    (split,) = splits(tables, fold, name.part)
    whole = arm_data(tables, specification)
    columns, seed = [], specification.seed
    for _, plan in sorted(specification.members.items()):
        rows = split.development
        fitted = fit_fold(name, rows, plan, repeated_measurements)
        member = Member.of(fitted.model, rows, seed)
        columns.append(member.standardized(tables, seed))
    known = pd.concat(columns, axis=1).loc[whole.fittable()].dropna(how="all")
    y = specification.outcome.target(whole.outcome.loc[known.index])
    found = fit_combination(
        known.to_numpy(dtype=float), y, specification.outcome, specification.fusion_rule
    )
    return provenance.digest(
        [found.rule, found.intercept, np.asarray(found.weights).tolist()]
    )
