"""Rule harmonization_diagnostics: what ComBat learns and what it does to associations.

Reads   the cohort, the feature matrix and the folds.
Writes  estimates of the batches over the folds, their priors, principal components
        of held-out rows, associations before and after (table kinds
        "batch_estimates", "batch_priors", "components" and "associations").
"""

from concord import jobs, tables
from concord.folds import cohort
from concord.harmonization.diagnostics.associations import associations
from concord.harmonization.diagnostics.components import principal_components
from concord.harmonization.diagnostics.fold_estimates import fold_estimates
from concord.harmonization.settings import HarmonizationDiagnostics


def main(job) -> None:
    study = (
        cohort.read(job.input.cohort),
        tables.read_features(job.input.features),
        tables.read(job.input.folds, "folds"),
        jobs.settings(job, HarmonizationDiagnostics),
    )
    estimates, priors = fold_estimates(*study)
    found = {
        "batch_estimates": estimates,
        "batch_priors": priors,
        "components": principal_components(*study),
        "associations": associations(*study),
    }
    for kind, table in found.items():
        tables.write(table, getattr(job.output, kind), kind)


if __name__ == "__main__":
    jobs.run(main, snakemake)
