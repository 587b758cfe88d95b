"""Section on harmonization: what it removes, what it leaves, what it does."""

from collections.abc import Iterator, Sequence

import pandas as pd

from ...features.feature_name import image_of
from ...figures import labels
from ...figures.summaries import groups
from ...harmonization.settings import ACCEPTED_DIFFERENCE_SD
from .. import numbers as n
from ..blocks import Items, Section, Table, section, table, text
from ..results import Results
from .batch_verdict import NO_BAND, band, batch_name, sentences

_ORDER = list(labels.STAGES)


def harmonization_section(results: Results) -> Section:
    """Site effect before and after harmonization, and the batch estimates."""
    if results["site_effect"].empty:
        missing = text("The site effect was not evaluated.")
        return section("site-effect", "Site effect and harmonization", missing)
    return section(
        "site-effect",
        "Site effect and harmonization",
        text(
            "Harmonized values are those of held-out rows: the harmonizer was fitted "
            "on one half of the subjects and judged on the other, and the reverse. "
            "Rows harmonized with themselves would look better than they are. With "
            "half of the subjects to learn from, this is a pessimistic view; few "
            "subjects with many features stay recognizable. So each value stands "
            "beside what permuted batches give in its place: their labels are dealt "
            "among the subjects before harmonization, and all is repeated."
        ),
        _verdicts(results),
        _effect_table(results["site_effect"], results["batch_variance"]),
        _tests_table(results["batch_tests"]),
        _batch_prediction_table(results["batch_prediction"]),
        _associations_table(results),
        _estimates_table(results),
        _check_table(results["combat_crosscheck"]),
    )


def _verdicts(results: Results) -> Items | None:
    found = sentences(results)
    return Items(tuple(found), "What is left of the batches") if found else None


def _stage(row: Sequence[str], at: int = 1) -> tuple[str, int]:
    """Rows by their first cell, then in the order of the stages."""
    names = list(labels.STAGES.values())
    return row[0], names.index(row[at]) if row[at] in names else len(names)


def _effect_table(effect: pd.DataFrame, variance: pd.DataFrame) -> Table:
    keyed = effect.assign(image=effect["name"].map(image_of))
    keys = ["image", "variable", "stage"]
    bands = {
        tuple(row[key] for key in keys): band(row) for _, row in variance.iterrows()
    }
    rows = [
        [
            batch_name(image, variable),
            labels.STAGES.get(stage, stage),
            str(len(part)),
            n.median_quartiles(part["eta_squared"]),
            bands.get((image, variable, stage), NO_BAND),
        ]
        for (image, variable, stage), part in groups(keyed, keys)
    ]
    return table(
        "Variance of the features between batches",
        ["Image", "Stage", "Features", "Eta squared", "Permuted batches"],
        sorted(rows, key=_stage),
        "Median (quartiles) over features of the share of variance between batches; "
        "permuted batches: the central 95 % of its median.",
    )


def _tests_table(tests: pd.DataFrame) -> Table | None:
    """Numbers of features that differ between batches in location and spread."""
    if tests.empty:
        return None
    names = list(dict.fromkeys(tests["test"]))
    rows = [
        [
            batch_name(image, variable),
            labels.STAGES.get(stage, stage),
            *_rejected(part, names),
        ]
        for (image, variable, stage), part in groups(
            tests, ["image", "variable", "stage"]
        )
    ]
    return table(
        "Features that differ between batches",
        ["Image", "Stage", *(head for name in names for head in (name, "Permuted"))],
        sorted(rows, key=_stage),
        f"At a false discovery rate of {100 * tests['level'].iloc[0]:g} % "
        "(Benjamini-Hochberg). Kruskal-Wallis tests location, Brown-Forsythe spread. "
        "Permuted: numbers that 97.5 % of the permuted batches do not exceed. Features "
        "depend on each other, and harmonized rows on what was fitted, so that many "
        "may differ by chance at once.",
    )


def _rejected(part: pd.DataFrame, tests: Sequence[str]) -> Iterator[str]:
    """Share of the features that each test rejects, and of permuted batches."""
    by_test = part.set_index("test")
    rejected, known = (
        by_test[name].astype(int).to_dict() for name in ("n_rejected", "n_features")
    )
    upper = by_test["null_upper"].to_dict()
    for name in tests:
        yield n.share(rejected[name], known[name])
        yield NO_BAND if pd.isna(upper[name]) else f"up to {upper[name]:.0f}"


def _batch_prediction_table(found: pd.DataFrame) -> Table | None:
    if found.empty:
        return None
    rows = [_prediction_row(row) for _, row in found.iterrows()]
    heads = ["Image", "Stage", "Subjects", "Left out", "Features", "AUC"]
    return table(
        "Prediction of the batch from all features of an image",
        [*heads, "Permuted batches", "p"],
        sorted(rows, key=_stage),
        "Without a batch effect the AUC lies in the band of the permuted batches "
        "(central 95 %; p is one-sided), not about 0.5. The fold-fitted classifier "
        "learns from the rows that the harmonizer was fitted on, as a model of the "
        "study does; the others learn and judge within the held-out rows. Left out: "
        "subjects who share their batch with fewer than four others of their half, "
        "by batch.",
        shows="batch_prediction",
    )


def _prediction_row(row: pd.Series) -> list[str]:
    return [
        batch_name(row["image"], row["variable"]),
        labels.STAGES.get(row["stage"], row["stage"]),
        str(row["n"]),
        _left_out(row),
        str(row["n_features"]),
        n.decimal(row["auc"]),
        band(row),
        n.decimal(row["p_value"], 3) if pd.notna(row["p_value"]) else n.NONE,
    ]


def _left_out(row: pd.Series) -> str:
    """Number of subjects who are not judged, and their batches."""
    if pd.isna(row["n_left_out"]) or not row["n_left_out"]:
        return n.NONE
    return f"{row['n_left_out']} ({row['left_out']})"


def _associations_table(results: Results) -> Table | None:
    """Associations and ICC before and after, as medians over features."""
    associations = results["associations"]
    if associations.empty:
        return None
    return table(
        "Associations before and after harmonization",
        ["Quantity", "Image", "Raw", "Harmonized (held-out)", "Within batches"],
        [
            [_quantity(results, quantity), image, *_by_stage(part)]
            for (quantity, image), part in groups(associations, ["quantity", "image"])
        ],
        "Median (quartiles) over features. Covariates: Spearman's correlation with the "
        "feature; outcomes: AUC or C-index of the feature alone. Harmonization "
        "hardly changes the order of subjects within a batch, so pooled values should "
        "come near those within batches.",
        folded=True,
        shows="associations",
    )


def _by_stage(part: pd.DataFrame) -> Iterator[str]:
    """Values before, after, and within batches."""
    for stage in ("raw", "harmonized", "within batches"):
        values = part.loc[part["stage"] == stage, "value"]
        yield n.median_quartiles(values) if len(values) else n.NONE


def _quantity(results: Results, quantity: str) -> str:
    kind, _, key = quantity.partition(": ")
    if kind == "ICC":
        return f"ICC, {labels.AXES.get(key, key)}"
    if kind == "outcome":
        return results.endpoint_label(key)
    name, _, level = key.partition("=")
    return f"{results.covariate_label(name)} {level}".strip()


def _estimates_table(results: Results) -> Table | None:
    estimates, priors = results["batch_estimates"], results["batch_priors"]
    if estimates.empty:
        return None
    keys = ["image", "variable", "batch"]
    sizes = priors.set_index(keys)["n"] if len(priors) else pd.Series(dtype="Int64")
    heads = ["Batch", "Subjects", "Shift", "By chance", "SD over folds"]
    return table(
        "Estimates of ComBat for each batch",
        [*heads, "Variance", "SD over folds"],
        [_estimates_row(key, part, sizes) for key, part in groups(estimates, keys)],
        "Median (quartiles) over features; shifts in residual SD, variances in "
        "residual variance. Subjects: development set of the first fold. By chance: SD "
        "of the shift of a feature where batches do not differ, before shrinkage. "
        "Folds share most of their subjects, so shifts that chance made vary little "
        "over them.",
        folded=True,
        shows="batch_estimates",
    )


def _estimates_row(
    key: tuple[str, ...], part: pd.DataFrame, sizes: pd.Series
) -> list[str]:
    image, variable, batch = key
    return [
        f"{batch_name(image, variable)}: {batch}",
        str(sizes.get((image, variable, batch), n.NONE)),
        n.median_quartiles(part["shift"]),
        _by_chance(sizes, image, variable, batch),
        *(n.median_quartiles(part[k]) for k in ("shift_sd", "variance", "variance_sd")),
    ]


def _by_chance(sizes: pd.Series, image: str, variable: str, batch: str) -> str:
    """SD of the shift of a batch where there is none, in residual SD."""
    if (image, variable, batch) not in sizes.index:
        return n.NONE
    mine, total = sizes[image, variable, batch], sizes[image, variable].sum()
    if not 0 < mine < total:
        return n.NONE
    return f"\N{PLUS-MINUS SIGN} {n.decimal((1 / mine - 1 / total) ** 0.5)}"


def _check_table(check: pd.DataFrame) -> Table | None:
    """Largest difference from the reference implementation."""
    if check.empty:
        return None
    worst = check.groupby("image")["largest_difference"].max()
    rows = [
        [
            str(image),
            str(int((check["image"] == image).sum())),
            f"{value:.1e}" if pd.notna(value) else n.UNDEFINED,
        ]
        for image, value in worst.items()
    ]
    return table(
        "ComBat against neuroCombat",
        ["Image", "Folds", "Largest difference (SD of the feature)"],
        rows,
        "Development rows of every fold, harmonized by both.",
        folded=True,
    )


def combat_warnings(results: Results) -> Iterator[tuple[str, str]]:
    """Title and text if a harmonized value differs by more than rounding explains."""
    checked = results["combat_crosscheck"]
    beyond = checked[checked["largest_difference"] > ACCEPTED_DIFFERENCE_SD]
    if beyond.empty:
        return
    worst = beyond.sort_values("largest_difference").iloc[-1]
    named = worst.get("feature")
    feature = f", feature {named}" if isinstance(named, str) else ""
    images = n.listed(sorted(set(beyond["image"])))
    yield (
        "ComBat departs from neuroCombat",
        f"{n.share(len(beyond), len(checked))} comparisons differ by more than "
        f"{ACCEPTED_DIFFERENCE_SD:.0e} SD ({images}); the largest difference is "
        f"{worst['largest_difference']:.1e} SD (image {worst['image']}, "
        f"{labels.SCHEMES.get(worst['scheme'], worst['scheme'])}, repeat "
        f"{worst['repeat']}, fold {worst['fold']}{feature}). Harmonized values of "
        "these images are not confirmed by a second implementation.",
    )
