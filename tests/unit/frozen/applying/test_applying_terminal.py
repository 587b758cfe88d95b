"""Predictions on the terminal: a line each, or how many there are."""

import csv

from concord.frozen.applying import terminal

TABLE = "results/predicted/predictions.tsv"
ROW = {
    "subject_id": "P1",
    "endpoint": "survival",
    "arm": "radiomics",
    "status": "scored",
    "reason": "NA",
    "score": "'-0.5",
    "probability": "NA",
    "horizon_days": "365.0",
    "risk": "0.25",
    "lower": "0.125",
    "upper": "0.5",
    "red_flags": "distance",
    "amber_flags": "out_of_range unknown_scanner",
}


def told(tmp_path, *rows):
    path = tmp_path / TABLE
    path.parent.mkdir(parents=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, ROW, delimiter="\t")
        writer.writeheader()
        writer.writerows(ROW | row for row in rows)
    return terminal.told(TABLE, tmp_path).splitlines()


def test_a_line_tells_risk_interval_and_flags_or_why_there_is_no_risk(tmp_path):
    *lines, where, notice = told(
        tmp_path,
        {},
        {"horizon_days": "NA", "risk": "NA", "probability": "0.75", "lower": "NA"}
        | {"red_flags": "NA", "amber_flags": "NA"},
        {"risk": "NA", "horizon_days": "NA"},
        {"status": "not applicable", "reason": "out_of_range: too dark", "risk": "NA"},
    )

    assert lines == [
        "P1 radiomics (survival): risk by day 365 0.25 (0.125 to 0.5); flags: "
        "distance, out_of_range, unknown_scanner",
        "P1 radiomics (survival): risk 0.75; no flag",
        "P1 radiomics (survival): score -0.5; flags: distance, out_of_range, "
        "unknown_scanner",
        "P1 radiomics (survival): not applicable: out_of_range: too dark; flags: "
        "distance, out_of_range, unknown_scanner",
    ]
    assert "results/predicted/patients/" in where
    assert "no decision" in notice


def test_many_subjects_are_counted_once_whatever_their_horizons(tmp_path):
    rows = [
        {"subject_id": f"P{n}", "horizon_days": days, "arm": arm}
        | ({"status": "not scored"} if n < 5 else {})
        for n in range(21)
        for days in ("365", "730")
        for arm in ("clinical", "radiomics")
    ]

    assert told(tmp_path, *rows)[:-2] == [
        "clinical: 5 not scored",
        "clinical: 16 scored",
        "radiomics: 5 not scored",
        "radiomics: 16 scored",
    ]
