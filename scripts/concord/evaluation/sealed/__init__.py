"""Test of the final models on sealed subjects, and the ledger of every look at them.

- `chained`: append-only files: JSON objects, each with the hash of the one before
- `expected`: events that a model expects in subjects that it never saw, against those
  observed
- `judging`: discrimination and calibration of final models on sealed subjects
- `looks`: look by look: which pipeline saw the sealed subjects when, and what it found
- `opening`: opening of the seal: hashes of the pipeline first, outcomes after them
- `settings`: settings of rule open_sealed
- `subjects`: rows of sealed subjects, labelled as the cohort of development is
"""
