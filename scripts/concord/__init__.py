"""Measurements and models of a multi-site imaging study; knows nothing of Snakemake.

- `batch_labels`: labels of sites, groups and batches: one spelling for what is one
- `config_faults`: faults of the study's input, gathered so that all are shown at once
- `errors`: errors that a user of the study can repair, and faults of the run
- `fields`: types of the fields of the configuration, and the base of its sections
- `file_names`: names of a study: which of them may be, and the names of files made of
  them
- `files`: files that are written whole or not at all, private ones for their owner
  alone
- `folders`: files of folders: the one walk that finds them, and what is no content
- `image_names`: images by their names: modality, unit, and what a study says of each
- `images`: volumes on a voxel grid: the only module that opens or writes NIfTI files
- `isolation`: keep a rule's environment to itself
- `jobs`: running a script inside a Snakemake job: settings, log file and error notes
- `lazy`: imports put off until they are used: public names of a package, foreign
  libraries
- `methods_clauses`: clauses of the methods paragraph, each declared with the field that
  it speaks of
- `planned`: record of what a run read before its first job, and check of its jobs
  against it
- `provenance`: record of the settings and the code that made a result
- `readers`: the reader that no sheet names: the consensus of all others
- `records`: records that jobs leave of what they wrote and read; check of results by
  them
- `result_cache`: content-addressed cache of the files of results that one job makes
  together
- `seeds`: random numbers that depend on names, not on the order of work
- `settings`: settings of a rule: one frozen object, composed from the study and handed
  to a job
- `subject_ids`: names of subjects that their source does not name, and tables without
  some
- `variant_names`: repeated measurements of one scan: how they are named in a feature
  matrix
- `agreement/`: agreement of readers on a segmentation
- `deidentify/`: DICOM that may leave the hospital: the Basic Profile of PS3.15, keyed
- `draft/`: drafts of a new study, from folders of images and a clinical table
- `evaluation/`: discrimination of predictions on evaluation rows, with confidence
  intervals
- `feature_import/`: features that another tool computed, imported as they are
- `features/`: features of the regions of an image, as defined by the IBSI
- `figures/`: one module per figure of the paper, and the catalogue that declares all of
  them
- `folds/`: cohort of the study, and its development and evaluation sets
- `frozen/`: frozen models: one document that predicts where the study's data do not
  exist
- `harmonization/`: removal of batch effects from features, learnt on development rows
  only
- `ingest/`: from DICOM series and segmentations to volumes, masks and acquisition facts
- `models/`: predictors and penalized models, fitted inside development sets
- `privacy/`: privacy: keyed hashes of identifiers, and jobs that withhold foreign texts
- `report/`: the report: one HTML file whose every number comes from a table
- `simulate/`: the demo study: simulated DICOM with known truth
- `stability/`: repeatability and reproducibility of features
- `statistics/`: statistics that several stages share
- `study/`: the study as a whole: its configuration, its sheets and their checks
- `tables/`: tables: declared columns, the kinds of tables, reading and writing through
  both
"""

from .isolation import isolate

__version__ = "0.10.0"

isolate()
