"""Rule harmonization_diagnostics: the script on small tables, without Snakemake."""

from harmonization_diagnostics import main

from concord import tables
from concord.harmonization.settings import Harmonization, HarmonizationDiagnostics

from ..modelling_study import BATCH, IMAGES, job, make_tables, write_tables

KINDS = ("batch_estimates", "batch_priors", "components", "associations")


def run(folder, cohort_changes=None, **harmonization):
    study = make_tables(n_features=6)
    if cohort_changes:
        study.cohort[list(cohort_changes)] = list(cohort_changes.values())
    inputs = write_tables(study, folder)
    settings = HarmonizationDiagnostics(
        harmonization=Harmonization(batch=BATCH, **harmonization),
        covariates=["age"],
        endpoints=["recurrence"],
        retest_sessions=[],
        readers=None,
        confidence=0.95,
        **IMAGES,
    )
    outputs = {kind: f"{kind}.tsv" for kind in KINDS}
    main(job(folder, settings, outputs, inputs))
    return {kind: tables.read(folder / f"{kind}.tsv", kind) for kind in KINDS}


def test_all_tables_are_written(tmp_path):
    found = run(tmp_path)

    assert len(found["batch_estimates"]) == 3 * 6
    assert found["batch_priors"]["batch"].tolist() == ["A", "B", "C"]
    assert len(found["components"]) == 2 * 60
    quantities = set(found["associations"]["quantity"])
    assert quantities == {"covariate: age", "outcome: recurrence", "ICC: reader"}


def test_a_study_whose_batches_are_all_too_small_gets_empty_tables(tmp_path):
    found = run(tmp_path, min_batch_size=50)

    assert all(table.empty for table in found.values())
