"""Scores of a frozen linear model: python score.py model.json patients.csv > out.csv"""
import csv, json, sys, numpy as np
def value(name, row):  # of a predictor, NaN if it is missing; a level is 0 or 1
    whole, _, level = name.removeprefix("covariate.").partition("=")
    given = (row.get(name, row.get(whole)) or "").strip() or "nan"
    found = float(given == level if level and row.keys() & {whole} - {name} else given)
    return found if np.isfinite(found) and given != "nan" else np.nan
def term(one, model, row):  # after transform, removal of batch effects, imputation
    f, v = one["transform"], value(one["column"], row)
    if f["function"] and v == v:  # of a publication: no score outside its domain
        v = getattr(np, f["function"].replace("square_root", "sqrt"))(v + f["shift"])
        return v if np.isfinite(v) else np.nan
    v = np.interp(v, f["values"], f["scores"]) if f["scores"] else v
    v = np.log(np.maximum(v, f["floor"])) if f["floor"] else v
    v = np.sign(v) * np.log1p(abs(v) / f["scale"]) if f["scale"] else v
    for batch in model["batches"]:
        line = batch["lines"].get(row.get(batch["column"]), {}).get(one["column"], {})
        v = line.get("multiplier", 1) * v + line.get("offset", 0)
        for name, p in line.get("covariates", {}).items():
            x = np.nan_to_num(value(name, row), nan=batch["filling"][name])
            v += p["slope"] * x + sum(w * max(x - k, 0) ** 3 for k, w in p["bends"])
    return float(v != v) if one["kind"] == "gap" else v if v == v else np.float64(one["filling"])
def score(model, row, why):  # NaN if something stands against it, told in the list why
    f = [(m, score(m["equation"], row, why)) for m in model["members"].values()]
    z = [m["weight"] * (s - m["mean"]) / (m["sd"] or np.inf) for m, s in f if s == s]
    share = len(f) / max(len(z), 1) if model["rule"] == "mean" else 1
    terms = [t["weight"] * term(t, model, row) for t in model["terms"]]
    no = [f"no value: {t['column']}" for t, v in zip(model["terms"], terms) if v != v]
    no += ["missing: " + ", ".join(gaps) for r in model["required"] if r["accepted"]
           < len(gaps := [n for n in r["columns"] if np.isnan(value(n, row))])]
    no += [f"unknown batch: {b['column']} is {row.get(b['column'])}"
           for b in model["batches"] if row.get(b["column"]) not in b["lines"] and not
           model["unseen"] == "passthrough" and any(value(n, row) < np.inf for n in b["judged"])]
    why += no
    total = model["intercept"] + share * sum(z or len(f) * [np.nan]) + sum(terms)
    return np.nan if no else total
def risk(base, s, day):  # of the event by a day; other causes may come first
    other = np.append(0, base["competing_hazard"])
    other = other[np.searchsorted(base["competing_times_days"], base["times_days"])]
    own = np.exp(s) * np.append(0, base["cumulative_hazard"])
    steps = -np.exp(-own[:-1] - other) * np.expm1(-np.diff(own))
    return min(steps[np.array(base["times_days"]) <= day].sum() + 0 * s, 1)
@np.errstate(all="ignore")
def predict(document, row):  # score, probability or risks, and why there are none
    model = document["equation"] or sys.exit("no equation, as of trees: use Concord")
    why = [f"unknown level: {n} is {row[n]}" for n, c in document["covariates"].items()
           if c["levels"] and (row.get(n) or "").strip() not in ["", *c["levels"]]]
    s = np.nan if why else score(model, row, why)
    base, days = document["model"]["baseline"], document["outcome"]["at_days"]
    own = base["strata"].get(row.get("stratum")) if base and base["strata"] else base
    why = why if s != s else ["no risk: unknown stratum"] if base and not own else []
    found = {**row, "score": s, "reason": "; ".join(why)}
    if model["has_probability"]: return found | {"probability": 1 / (1 + np.exp(-s))}
    return found | {f"risk_{d:g}": risk(own, s, d) if own else np.nan for d in days if base}
if __name__ == "__main__":
    sys.tracebacklimit = 0  # a cell that is no number is told of in one line
    document = json.load(open(sys.argv[1], encoding="utf-8"))
    rows = csv.DictReader(open(sys.argv[2], encoding="utf-8-sig"))
    found = [predict(document, row) for row in rows] or sys.exit("no row of a patient")
    csv.writer(sys.stdout).writerows([list(found[0]), *(one.values() for one in found)])
