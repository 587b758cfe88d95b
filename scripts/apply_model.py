"""Rule apply_model: score subjects by frozen models, and tell where these do not apply.

Reads   the frozen models (JSON), the cohort, the feature matrix and its dictionary, the
        exclusions of ingest and features and, of images, the acquisition facts and the
        segmentations.
Writes  per subject, model and horizon the prediction (table kind "patient_predictions")
        and every score, also those that do not apply (kind "patient_scores"); every
        flag (kind "patient_flags"); and one document per subject (JSON).
"""

from concord import jobs, tables
from concord.folds import cohort
from concord.frozen import document
from concord.frozen.applying import application, patient_documents, patients
from concord.frozen.applying.applied import Applied, Measured
from concord.frozen.applying.settings import ApplyModel
from concord.privacy import discretion


def main(job) -> None:
    settings = jobs.settings(job, ApplyModel)
    named = zip(settings.arms, job.input.models, strict=True)
    applied = [Applied(arm, document.read(path), str(path)) for arm, path in named]
    acquired, masks = job.input.acquisition, job.input.masks
    measured = Measured(
        cohort.read(job.input.cohort),
        tables.read_features(job.input.features),
        tables.read(job.input.dictionary, "dictionary"),
        tables.read_all(job.input.exclusions, "exclusions"),
        tables.read_all(acquired, "acquisition") if acquired else None,
        tables.read_all(masks, "masks") if masks else None,
    )

    found = application.apply(applied, measured, settings)
    tables.write(
        patients.predictions(found), job.output.predictions, "patient_predictions"
    )
    tables.write(patients.scores(found), job.output.scores, "patient_scores")
    tables.write(patients.flags(found), job.output.flags, "patient_flags")
    patient_documents.write(found, job.output.patients)


if __name__ == "__main__":
    discretion.run(main, snakemake)
