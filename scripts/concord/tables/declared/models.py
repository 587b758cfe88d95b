"""Kinds of tables of folds, models and their evaluation."""

from ..columns import Column, count, flag, number, optional, text
from ..keys import ARM, FOLD, SCHEME

_INTERVAL = {
    "estimate": number("point estimate"),
    "standard_error": number("its standard error, after widening", "", 0),
    "widening": number("factor by which refitted models widen it", "1", 1),
    "lower": number("lower bound of the interval"),
    "upper": number("upper bound of the interval"),
    "method": text("how estimate and interval were made"),
    "reason": text("why there is no interval"),
}

KINDS: dict[str, dict[str, Column]] = {
    "folds": {
        "fold_set": text(
            "what cross-validation spreads evenly: group, or outcome_<endpoint>; or "
            "bootstrap, samples with replacement",
            required=True,
        ),
    }
    | FOLD
    | {
        "subject_id": text("study id of the subject", required=True),
        "role": text(
            "development, evaluation, or neither: of a cluster with evaluation "
            "subjects but not one of them, or of no side of a declared split",
            required=True,
        ),
        "times": optional(
            count("how often a bootstrap sample holds the subject; 0 out of bag")
        ),
    },
    "fits": ARM
    | FOLD
    | {
        "status": text("ok or failed", required=True),
        "n_development": count("development subjects"),
        "n_events": count("events among them"),
        "n_imputed": optional(count("development subjects with imputed predictors")),
        "n_candidates": count("candidate features"),
        "n_selected": count("features in the model"),
        "kkt_residual": number("largest violated optimality condition", "", 0),
        "estimates_hash": text("hash of everything learnt"),
        "rescue": text("why unpenalized terms got a ridge", optional=True),
        "message": text("what went wrong or was noteworthy"),
    },
    "coefficients": ARM
    | FOLD
    | {
        "term": text(
            "covariate, or full name of the feature; of a fused arm, member.<arm>",
            required=True,
        ),
        "penalized": flag("shrunk by the penalty"),
        "coefficient": number(
            "per unit of the arm's scaling (an SD in development); of a published "
            "score, per unit as measured"
        ),
        "standard_error": optional(
            number("of the coefficient, if the model has no penalty", "", 0)
        ),
        "lower": optional(
            number("lower bound of its 95 % profile likelihood interval; final fit")
        ),
        "upper": optional(number("upper bound of it; final fit")),
        "half_sample_share": optional(
            number("half samples that chose the feature, if they decide", "1", 0, 1)
        ),
        "n_imputations": optional(count("imputations of covariates, if several")),
        "within_variance": optional(
            number("mean squared standard error of the coefficient", "", 0)
        ),
        "between_variance": optional(
            number("variance of the coefficient over the imputations", "", 0)
        ),
        "total_variance": optional(
            number("both together by Rubin's rules; empty if penalized", "", 0)
        ),
        "degrees_of_freedom": optional(
            number("of the interval by the total variance; empty if infinite", "", 0)
        ),
    },
    "missing_values": ARM
    | {
        "scheme": text(f"{SCHEME}; its first repeat", required=True),
        "n": count("evaluation subjects"),
        "n_events": count("events among them"),
        "n_complete": count("subjects scored without a missing predictor"),
        "n_events_complete": count("events among these"),
        "n_imputed": count("subjects scored with imputed predictors"),
        "n_events_imputed": count("events among these"),
        "median_share": number("median missing share of these", "1", 0, 1),
        "largest_share": number("largest missing share of these", "1", 0, 1),
        "n_partial": optional(count("subjects scored without a member of the arm")),
        "n_events_partial": optional(count("events among these")),
        "n_unscored": count("subjects without a score"),
        "n_events_unscored": count("events among these"),
        "reasons": text("why, each with the number of subjects; separated by ;"),
    },
    "performance": ARM
    | {
        "scheme": text(SCHEME, required=True),
        "stratum": text("all, within or group=<name>", required=True),
        "metric": text("auc or c_index", required=True),
        "n": count("evaluation subjects"),
        "n_events": count("events among them"),
        "n_folds": count("folds with a defined value"),
    }
    | _INTERVAL
    | {
        "first_repeat": number(
            "value of the first repeat alone, stratum all; the null permutes it",
            "1",
            0,
            1,
        ),
    },
    "arm_exclusions": ARM
    | {
        "scheme": text(SCHEME, required=True),
        "subject_id": text("study id of a member of the cohort", required=True),
        "stage": text(
            "where the subject was left out: folds, declared split, outcome, features, "
            "missing values, fit, harmonization, adaptation or prediction",
            required=True,
        ),
        "reason": text("why the subject is not judged", required=True),
        "n_folds": count("folds in which this was so"),
        "n_planned": count("folds whose evaluation set holds the subject"),
        "compared": flag("the subject is judged in other folds"),
    },
    "comparisons": ARM
    | {
        "reference_arm": text("arm compared with", required=True),
        "scheme": text(SCHEME, required=True),
        "metric": text("auc or c_index", required=True),
        "n": count("subjects that both arms have scored"),
        "n_events": count("events among them"),
        "n_folds": count("folds with both values"),
        "estimate_arm": number("value of the arm on these subjects", "1", 0, 1),
        "estimate_reference": number("value of the arm compared with", "1", 0, 1),
    }
    | _INTERVAL,
    "roc": ARM
    | {
        "false_positive_rate": number("1 - specificity", "1", 0, 1),
        "sensitivity_before": number(
            "true-positive rate just below this rate, mean over folds", "1", 0, 1
        ),
        "sensitivity_after": number(
            "true-positive rate just above it, mean over folds", "1", 0, 1
        ),
        "n_folds": count("folds that hold both classes, which the curve averages"),
        "n_repeats": count("repeats that have such folds"),
        "n_missing": count("predictions without a score in cross-validation"),
    },
    "kaplan_meier": ARM
    | {
        "scheme": text("cv (first repeat), or a declared split", required=True),
        "fold": text("all, or the evaluation set of the split", required=True),
        "risk_group": text("low to high, by the model of the fold", required=True),
        "time_days": number("time of events or censoring", "d", 0),
        "n_at_risk": count("subjects at risk just before"),
        "n_events": count("events at this time"),
        "n_censored": count("subjects censored at this time"),
        "survival": number("event-free probability from this time on", "1", 0, 1),
        "lower": number("lower bound of the pointwise interval", "1", 0, 1),
        "upper": number("upper bound of the pointwise interval", "1", 0, 1),
    },
    "risk_groups": ARM
    | {
        "n": count("subjects with a risk group and outcome, first repeat"),
        "n_events": count("events among them"),
        "n_high": count("subjects of high risk"),
        "n_events_high": count("events among these"),
        "n_missing": count("subjects without a risk group or outcome"),
        "log_rank_z": number(
            "signed log-rank statistic, of trend where there are more than two groups; "
            "positive if high risk has events earlier"
        ),
        "n_permutations": count("permutations with a defined statistic"),
        "p_value": number(
            "share of permutations with a statistic at least as large", "1", 0, 1
        ),
        "reason": text("why there is no p-value"),
    },
    "null_tests": ARM
    | {
        "scheme": text(SCHEME, required=True),
        "metric": text("auc or c_index", required=True),
        "estimate": number("value of the arm, all repeats", "1", 0, 1),
        "first_repeat": number(
            "value of the first repeat, which is compared with the permutations",
            "1",
            0,
            1,
        ),
        "n_permutations": count("permutations with a defined value"),
        "null_median": number("median of the permuted values", "1", 0, 1),
        "null_lowest": number("least of the permuted values", "1", 0, 1),
        "null_highest": number("largest of the permuted values", "1", 0, 1),
        "null_lower": number(
            "lower bound of their central 95 %; empty below 99 permutations", "1", 0, 1
        ),
        "null_upper": number("upper bound, likewise", "1", 0, 1),
        "place": text("above, inside or below this band"),
        "p_value": number("one-sided permutation p-value", "1", 0, 1),
        "reason": text("why there is no p-value, or no band"),
    },
    "leakage": ARM
    | FOLD
    | {
        "fit": text(
            "study, frozen model, or a control with a planted leak", required=True
        ),
        "perturbation": text("what was done to the evaluation rows", required=True),
        "perturbed": text(
            "what it changed, by kind of rows and columns of the inputs", required=True
        ),
        "hash_study": text("hash of what was learnt without the perturbation"),
        "hash_perturbed": text("the same with it"),
        "unchanged": flag("the hashes are equal"),
    },
    "null": ARM
    | {
        "scheme": text(f"{SCHEME}; its first repeat", required=True),
        "permutation": count("number of the permutation, from 1", low=1),
        "metric": text("auc or c_index", required=True),
        "estimate": number("mean over the folds", "1", 0, 1),
        "standard_error": number("its jackknife standard error", "1", 0),
        "log_rank_z": number("signed log-rank Z of the risk groups, cv of survival"),
        "free_estimate": number(
            "as estimate, outcomes permuted over all groups; of arms not harmonized",
            "1",
            0,
            1,
        ),
        "free_standard_error": number("its jackknife standard error", "1", 0),
    },
    "selection": ARM
    | {
        "term": text("full name of the feature", required=True),
        "n_fits": count("fits of the arm, all schemes and folds"),
        "n_selected": count("fits that selected it"),
        "frequency": number("n_selected / n_fits", "1", 0, 1),
        "mean_coefficient": number(
            "mean where selected, per unit of the scaling; of a published score, per "
            "unit as measured"
        ),
        "half_sample_share": optional(
            number(
                "mean share of half samples that chose it, if they decide", "1", 0, 1
            )
        ),
    },
}
