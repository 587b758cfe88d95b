"""Sections of the report, one module each.

- `acquisition`: section on how images were acquired: protocol, drift, proposed batches
- `agreement`: section on the agreement of readers, and the cases to look at
- `batch_verdict`: verdicts on batch effects, in words that follow from the raw features
- `cohort`: sections on subjects, images and what was left out
- `company`: company of the headline arm: its baselines, and why one is not there
- `compared_subjects`: who is compared: members of the cohort whom an arm is not judged
  by, and why
- `feature_crosscheck`: comparison of the features that two engines computed
- `findings`: key findings and warnings, in plain words
- `harmonization`: section on harmonization: what it removes, what it leaves, what it
  does
- `imported`: section on a table of features that the study starts from
- `ingest`: findings of the index, notes of the ingest, and the key of the hashes
- `leakage`: section on leakage: perturbed evaluation rows, and the null distribution
- `measurement`: sections on what was measured: features, stability
- `missing_values`: missing predictors: who was scored with imputed values, and rescued
  fits
- `origin`: origin of the page: versions, settings, code and input files
- `prediction`: sections on models: design, discrimination, selected features
- `propagation`: section on what the choice of the reader does to features and
  predictions
- `reader_groups`: tables on surface Dice, on all readers together, and on volumes
- `readings`: lesions that a reader missed, and segmentations that were never delivered
- `records`: results that are not as the records of their jobs tell, and the numeric
  kernels
- `same_patient`: subjects of one patient, and images that stand under several subjects
- `sample_size`: section on sample size: what is asked for, and events for each
  coefficient
- `design/`: design of the study: what goes with the group, and what repeats an outcome
- `evaluation/`: sections on the evaluation
- `models/`: sections on models: tuning, fusion, treatment, competing risks, validation
- `transfer/`: sections on frozen models: those that a study writes, and those that it
  applies
"""

from ...lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "acquisition": ["acquisition_section"],
        "agreement": ["agreement_section"],
        "cohort": ["cohort_section", "images_section"],
        "findings": ["banners", "findings_section"],
        "harmonization": ["harmonization_section"],
        "imported": ["imported_section", "imported_sentence"],
        "ingest": ["n_excluded"],
        "leakage": ["leakage_section"],
        "measurement": ["features_section", "stability_section"],
        "origin": ["origin_section"],
        "prediction": ["design_section", "endpoint_section"],
        "propagation": ["propagation_section"],
        "sample_size": ["sample_size_section"],
    },
)
