"""Scores of a frozen linear model: python score.py model.json patients.csv > out.csv"""
import csv
import json
import sys

import numpy as np

def value(name, row):  # of a predictor, NaN if it is missing; a level is 0 or 1
    whole, _, level = name.removeprefix("covariate.").partition("=")
    given = str(row.get(name, row.get(whole, ""))).strip().replace("None", "") or "nan"
    found = float(given == level if level and row.keys() & {whole} - {name} else given)
    return found if np.isfinite(found) and given != "nan" else np.nan

def term(one, model, row):  # after transform, removal of batch effects, imputation
    f, v = one["transform"], value(one["column"], row)
    v = np.interp(v, f["values"], f["scores"]) if f["scores"] else v
    v = np.log(np.maximum(v, f["floor"])) if f["floor"] else v
    v = np.sign(v) * np.log1p(abs(v) / f["scale"]) if f["scale"] else v
    for batch in model["batches"]:
        line = batch["lines"].get(row.get(batch["column"]), {}).get(one["column"], {})
        v = line.get("multiplier", 1) * v + line.get("offset", 0)
        for name, p in line.get("covariates", {}).items():
            x = np.nan_to_num(value(name, row), nan=batch["filling"][name])
            v += p["slope"] * x + sum(w * max(x - k, 0) ** 3 for k, w in p["bends"])
    missing = np.nan if one["filling"] is None else one["filling"]
    return float(np.isnan(v)) if one["kind"] == "gap" else np.nan_to_num(v, nan=missing)

def score(model, row):  # NaN: too much is missing, or the batch is not accepted
    f = [(m, score(m["equation"], row)) for m in model["members"].values()]
    z = [m["weight"] * (s - m["mean"]) / (m["sd"] or np.inf) for m, s in f if s == s]
    share = len(model["members"]) / max(len(z), 1) if model["rule"] == "mean" else 1
    refused = len(model["members"]) > 0 == len(z)
    for r in model["required"]:
        refused |= sum(np.isnan(value(n, row)) for n in r["columns"]) > r["accepted"]
    for batch in model["batches"] if model["unseen"] != "passthrough" else []:
        gaps = np.isnan([value(n, row) for n in batch["judged"]])
        refused |= not gaps.all() and row.get(batch["column"]) not in batch["lines"]
    terms = [one["weight"] * term(one, model, row) for one in model["terms"]]
    return np.nan if refused else model["intercept"] + share * sum(z) + sum(terms)

def risk(base, s, day):  # of the event by a day; other causes may come first
    other = np.append(0, base["competing_hazard"])
    other = other[np.searchsorted(base["competing_times_days"], base["times_days"])]
    own = np.exp(s) * np.append(0, base["cumulative_hazard"])
    steps = -np.exp(-own[:-1] - other) * np.expm1(-np.diff(own))
    return min(steps[np.array(base["times_days"]) <= day].sum() + 0 * s, 1)

def predict(document, row):  # score, and probability or risks by the judged days
    model = document["equation"] or sys.exit("no equation, as of trees: use Concord")
    base, days = document["model"]["baseline"], document["outcome"]["at_days"]
    s = score(model, row)
    if model["has_probability"]:
        return {**row, "score": s, "probability": 1 / (1 + np.exp(-s))}
    base = base["strata"].get(row.get("stratum")) if base and base["strata"] else base
    return {**row, "score": s} | {f"risk_{d:g}": risk(base, s, d) for d in days if base}

if __name__ == "__main__":
    document = json.load(open(sys.argv[1], encoding="utf-8"))
    found = [predict(document, row) for row in csv.DictReader(open(sys.argv[2]))]
    csv.writer(sys.stdout).writerows([list(found[0]), *(one.values() for one in found)])
