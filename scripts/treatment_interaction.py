"""Rule treatment_interaction: whether a treatment's effect depends on a marker.

Reads   the cohort; the feature table, if a marker is a feature; predictions of all
        arms, if one is the score of an arm.
Writes  tests of the interaction, effects of the marker by treatment and of the
        treatment over the marker, and the markers of each subject (table kinds of
        these names).
"""

from concord import jobs, tables
from concord.evaluation.treatment import interaction, markers
from concord.evaluation.treatment.settings import TreatmentInteraction
from concord.folds import cohort


def main(job) -> None:
    settings = jobs.settings(job, TreatmentInteraction)
    members = cohort.read(job.input.cohort)
    matrix = [tables.read_features(path) for path in job.input.features]
    predictions = tables.read_all(job.input.predictions, "predictions")
    asked = settings.markers
    found = interaction.treatment_interaction(
        members,
        settings.endpoint,
        markers.declared_markers(settings, members, matrix, predictions),
        markers.adjustment(members, asked.adjust),
        asked.marker_scale,
        settings.confidence,
        settings.ties,
    )
    for name, table in found.items():
        tables.write(table, getattr(job.output, name), name)


if __name__ == "__main__":
    jobs.run(main, snakemake)
