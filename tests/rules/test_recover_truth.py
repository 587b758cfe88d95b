"""Rule recover_truth: the script on small tables, without Snakemake."""

from types import SimpleNamespace

from recover_truth import main

from concord import tables
from concord.simulate.roles import OutcomeRoles
from concord.simulate.settings import RecoverTruth

from .. import synthetic_results as synthetic

SETTINGS = RecoverTruth(
    headline_arm="texture",
    reference_arm="clinical",
    group_arms=["site_only"],
    control_arms=[],
    baseline_session="baseline",
    reference_reader="A",
)

#: The scan of the synthetic truth that lacks a slice.
DAMAGED = {
    "stage": "convert_image",
    "subject_id": "A-000",
    "session": "retest",
    "image": "CT",
    "region": None,
    "reader": None,
    "code": "MISSING_SLICE",
    "reason": "1 slice is missing",
}


def make_job(folder):
    inputs = synthetic.write_results(folder)
    inputs["features"] = str(folder / "features.parquet")
    tables.write_features(synthetic.features(), inputs["features"])
    inputs["exclusions"] = str(folder / "excluded.tsv")
    tables.write([DAMAGED], inputs["exclusions"], "exclusions")
    for kind, table in (
        ("agreement", synthetic.agreement_of_three()),
        ("review_list", synthetic.review_list()),
    ):
        tables.write(table, folder / f"three_{kind}.tsv", kind)
    inputs["agreement"] = str(folder / "three_agreement.tsv")
    inputs["review"] = [str(folder / "three_review_list.tsv")]
    asked = ("interaction", "marker_effects", "competing_effects", "fusion")
    asked += ("predictions", "calibration", "added_value")
    inputs |= {name: [] for name in asked}
    inputs["truth"] = []
    for site, part in synthetic.truth().groupby("site"):
        inputs["truth"].append(str(folder / f"{site}.tsv"))
        tables.write(part, inputs["truth"][-1], "truth")
    return SimpleNamespace(
        input=inputs,
        output=SimpleNamespace(recovered=str(folder / "found.tsv")),
        params=SimpleNamespace(spec=SETTINGS.model_dump_json()),
    )


def test_each_planted_fact_is_a_row_with_its_verdict(tmp_path):
    main(make_job(tmp_path))

    rows = tables.read(tmp_path / "found.tsv", kind="recovered")
    assert len(rows) == 15  # a scan, 6 on readers, 2 on sites, 3 on each of 2 endpoints
    assert rows["recovered"].all()
    assert rows["planted"].tolist()[:2] == ["1 CT without a slice", "1.00 mm"]


def test_effects_that_were_planted_in_the_outcomes_are_looked_for(tmp_path):
    roles = OutcomeRoles(
        texture_endpoints=["survival"],
        texture_log_hazard=0.5,
        texture_sd_hu=8.0,
        interacting=["metastasis"],
        receptor="receptor",
        interaction_log_odds=4.0,
        competing={"survival": 1},
        comorbidity="comorbidity",
    )
    job = make_job(tmp_path)
    job.params.spec = SETTINGS.model_copy(update={"outcomes": roles}).model_dump_json()
    main(job)

    rows = tables.read(tmp_path / "found.tsv", kind="recovered")[15:]
    claims = rows["claim"].tolist()
    assert len(claims) == 3
    assert "survival: the texture has the planted hazard ratio" in claims
    # Nothing was asked about treatment and competing deaths: not recovered.
    assert not rows["recovered"].iloc[1:].any()
