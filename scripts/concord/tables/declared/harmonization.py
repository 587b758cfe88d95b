"""Kinds of tables of batch effects and what else groups differ in."""

from ..columns import Column, count, flag, number, text
from ..keys import BATCH, FOLD

#: Where a value lies among those with permuted batch labels.
_NULL = {
    "n_permutations": count("permutations of the batch labels that gave a value"),
    "null_median": number("median of the permuted values"),
    "null_lower": number("lower end of their central 95 %; needs 99 permutations"),
    "null_upper": number("upper end of their central 95 %; needs 99 permutations"),
    "p_value": number("one-sided p among the permuted values", "1", 0, 1),
}

KINDS: dict[str, dict[str, Column]] = {
    "combat_crosscheck": FOLD
    | {
        "image": text("name of the image in the study", required=True),
        "variable": text("batch variable: site, scanner, kernel", required=True),
        "n": count("development subjects compared"),
        "n_batches": count("batches compared"),
        "n_features": count("features compared"),
        "n_left_out": count("features with missing cells, or constant in a batch"),
        "largest_difference": number("of a harmonized value from neuroCombat", "SD"),
        "feature": text("full name of the feature that differs most", optional=True),
        "reason": text("why there is no difference"),
    },
    "site_effect": {
        "name": text("full name of the feature", required=True),
        "variable": text("batch variable: site, scanner, kernel", required=True),
        "stage": text("raw, or harmonized (held-out rows only)", required=True),
        "n": count("subjects"),
        "eta_squared": number("share of variance between batches", "1", 0, 1),
        "chance": number("eta squared expected if batches do not differ", "1", 0, 1),
        "p_value": number("Kruskal-Wallis test over batches", "1", 0, 1),
        "spread_p_value": number("Brown-Forsythe test over batches", "1", 0, 1),
    },
    "batch_tests": {
        "image": text("name of the image in the study", required=True),
        "variable": text("batch variable: site, scanner, kernel", required=True),
        "stage": text("raw, or harmonized (held-out rows only)", required=True),
        "test": text("Kruskal-Wallis or Brown-Forsythe", required=True),
        "n_features": count("features with a p value"),
        "n_rejected": count("features that differ, Benjamini-Hochberg adjusted"),
        "level": number("false discovery rate", "1", 0, 1),
    }
    | _NULL,
    "batch_variance": {
        "image": text("name of the image in the study", required=True),
        "variable": text("batch variable: site, scanner, kernel", required=True),
        "stage": text("raw, or harmonized (held-out rows only)", required=True),
        "n_features": count("features that vary"),
        "eta_squared": number(
            "median over features of the share of variance between batches", "1", 0, 1
        ),
        "chance": number("expected of raw features without batch effect", "1", 0, 1),
    }
    | _NULL,
    "batch_prediction": {
        "image": text("name of the image in the study", required=True),
        "variable": text("batch variable: site, scanner, kernel", required=True),
        "stage": text(
            "raw; fold-fitted (classifier of development rows); or harmonized "
            "(classifier within held-out rows)",
            required=True,
        ),
        "n": count("subjects"),
        "n_features": count("features used"),
        "auc": number("macro AUC of predicting the batch", "1", 0, 1),
        "n_left_out": count("subjects of batches with too few rows in a half"),
        "left_out": text("these batches, and how many of their subjects"),
    }
    | _NULL,
    "batch_estimates": BATCH
    | {
        "name": text("full name of the feature", required=True),
        "n_folds": count("folds that estimated the batch"),
        "shift": number("mean over folds of the shift, residual SD"),
        "shift_sd": number("its SD over folds, residual SD", "", 0),
        "variance": number("mean over folds of the variance, residual variance"),
        "variance_sd": number("its SD over folds", "", 0),
        "shift_unshrunk": number("shift of the first fold before shrinkage"),
        "variance_unshrunk": number("variance of the first fold before shrinkage"),
    },
    "batch_priors": BATCH
    | {
        "n": count("development subjects of the first fold"),
        "shift_mean": number("mean of the normal prior of the shifts"),
        "shift_variance": number("variance of that prior", "", 0),
        "shape": number("shape of the inverse gamma prior of the variances", "", 0),
        "rate": number("rate of that prior", "", 0),
    },
    "components": {
        "image": text("name of the image in the study", required=True),
        "half": count("half of the subjects that is judged", low=1),
        "stage": text("raw, or harmonized (held-out rows only)", required=True),
        "subject_id": text("study id of the subject", required=True),
        "batch": text("batch of the subject", required=True),
        "component_1": number("score on the first principal component"),
        "component_2": number("score on the second principal component"),
        "share_1": number("share of the variance of the first", "1", 0, 1),
        "share_2": number("share of the variance of the second", "1", 0, 1),
    },
    "associations": {
        "image": text("name of the image in the study", required=True),
        "quantity": text("covariate, outcome, or axis of the ICC", required=True),
        "stage": text("raw, harmonized, or within batches", required=True),
        "name": text("full name of the feature", required=True),
        "value": number(
            "Spearman's correlation, AUC or C-index, or ICC; mean of the halves"
        ),
    },
    "labels": {
        "column": text("site, factor.<name>, or <image>.<fact>", required=True),
        "spelling": text("value as it is spelt", required=True),
        "label": text("its label in the cohort", required=True),
        "n": count("subjects with this spelling"),
        "note": text("other spellings of the label, or labels that look alike"),
    },
    "confounding": {
        "endpoint": text("outcome and question", required=True),
        "group": text("site or batch", required=True),
        "n": count("subjects"),
        "n_events": count("events"),
        "n_expected": number("events expected if groups do not differ", "", 0),
        "event_rate": number("events / subjects", "1", 0, 1),
        "median_event_free_days": number("Kaplan-Meier; NA if not reached", "d", 0),
        "median_follow_up_days": number("reverse Kaplan-Meier", "d", 0),
    },
    "confounding_tests": {
        "endpoint": text("outcome and question", required=True),
        "kind": text("binary or survival", required=True),
        "n": count("subjects, or clusters of subjects, with a known outcome"),
        "n_events": count("events among them"),
        "n_groups": count("groups among them"),
        "statistic": number("chi-squared of independence, or log-rank", "1", 0),
        "p_value": number("permuted groups", "1", 0, 1),
        "p_adjusted": number("over the endpoints, by Holm", "1", 0, 1),
        "strength": number(
            "bias-corrected Cramér's V, or SD of the log hazard between groups", "", 0
        ),
        "chance": number("mean strength of permuted groups", "", 0),
        "n_pairs": count("comparable pairs of subjects"),
        "n_pairs_within": count("those of one group"),
        "metric": text("of the group alone: auc or c_index", required=True),
        "group_alone": number(
            "mean over the folds of the cross-validation; score: event share (or rate) "
            "of the group in development",
            "1",
            0,
            1,
        ),
        "n_folds": count("folds in which it is defined"),
        "verdict": text(
            "separated, associated, weakly associated, not shown, or undefined",
            required=True,
        ),
    },
    "giveaways": {
        "endpoint": text("outcome and question", required=True),
        "name": text("feature, or covariate.<name>", required=True),
        "metric": text("auc of the event, or c_index", required=True),
        "n": count("subjects with outcome and value"),
        "n_events": count("events among them"),
        "n_judged": count("features and covariates judged"),
        "value": number("AUC or C-index of the values alone", "1", 0, 1),
        "equal": flag("the values are the outcome, or two that stand for it"),
        "chance": number("columns as good, expected if all were unrelated", "", 0),
    },
    "nesting": {
        "name": text("factor or covariate", required=True),
        "kind": text("factor, category or number", required=True),
        "group": text("site or batch", required=True),
        "n": count("subjects"),
        "n_known": count("subjects whose value is known"),
        "n_levels": count("different values among them"),
        "level": text("their value, if they share one"),
        "commonest": text("the commonest value; NA of a number"),
        "n_commonest": count("subjects with it"),
        "lowest": number("least value of a number"),
        "median": number("median of a number"),
        "highest": number("greatest value of a number"),
        "overlap": number(
            "share of the values within the range of another group", "1", 0, 1
        ),
        "one_level": flag("one value here, several in all, and hardly by chance"),
        "little_known": flag("known in few here, better elsewhere, hardly by chance"),
        "nested": flag("one value per group, several in all: not told from the group"),
        "strength": number(
            "association with the group: bias-corrected Cramér's V, or of a number the "
            "corrected correlation ratio",
            "1",
            0,
            1,
        ),
        "chance": number("mean strength of permuted groups", "1", 0, 1),
        "p_value": number("permuted groups", "1", 0, 1),
        "verdict": text("nested, nearly nested, tied or apart", required=True),
    },
}
