"""Kinds of tables of the registered plan, and of the sealed test set and its looks."""

from ..columns import INFINITE, Column, count, flag, number, text

KINDS: dict[str, dict[str, Column]] = {
    "sealed_subjects": {
        "subject_id": text("subject that is in no cohort", required=True),
        "site": text("its site, as the sheet spells it", required=True),
        "cluster": text("its cluster, which is sealed as a whole", required=True),
        "sealed_by": text(
            "group, column or share; cluster: another one of its cluster is sealed",
            required=True,
        ),
    },
    "registrations": {
        "version": count("number of the registration, from 1", low=1),
        "registered": text("date and time (UTC)", required=True),
        "concord": text("version of Concord", required=True),
        "plan": text("hash of the whole plan", required=True),
        "config": text("hash of its configuration", required=True),
        "sheets": text("hash of its sheets, without outcomes", required=True),
        "code": text("hash of its code", required=True),
        "folds": text("hash of its fold tables", required=True),
        "sealed": text("hash of its list of sealed subjects"),
        "n_sealed": count("subjects that it seals"),
        "after_results": flag("results of models were there already"),
    },
    "plan_deviations": {
        "version": count("number of the registration that is departed from", low=1),
        "until": text("number of the next registration, or now", required=True),
        "part": text("config, sheets, code, folds, features or sealed", required=True),
        "key": text("key of the configuration, sheet, script or table", required=True),
        "registered": text("its value, or hash, then; empty if there was none"),
        "found": text("and later; empty if there is none"),
    },
    "sealed_looks": {
        "look": count("number of the look at the sealed subjects, from 1", low=1),
        "opened": text("date and time (UTC)", required=True),
        "pipeline": text("hash of all that decides the result", required=True),
        "changed": text("what differs from the look before; separated by ,"),
        "version": count("number of the registration that stood then"),
        "why": text("reason that the study gives for the look"),
        "endpoint": text("outcome and question", required=True),
        "arm": text("arm whose final model was judged", required=True),
        "against": text("arm that it is compared with, of a difference"),
        "metric": text(
            "auc, c_index, calibration_in_the_large or observed_to_expected; "
            "auc_difference, c_index_difference",
            required=True,
        ),
        "n": count("sealed subjects with a score and a known outcome"),
        "n_unscored": count("sealed subjects without a score"),
        "n_events": count("events among those that were judged"),
        "estimate": number("value", "1", -INFINITE, INFINITE),
        "lower": number("lower bound of its interval", "1", -INFINITE, INFINITE),
        "upper": number("upper bound", "1", -INFINITE, INFINITE),
        "method": text("what the interval is made by"),
        "reason": text("why there is no value, or no interval"),
    },
}
