"""Entry of what others wrote: names and paths that cannot be are faults.

- `check`: check of a study that runs nothing: ``python -m concord.study.entry.check
  FILE``
- `config_file`: the file of a configuration, read as data before any other program
  reads it
- `named_files`: files that a configuration names, and subjects that they do not
- `names`: names of sheets and configuration that cannot be, or that would share a file
- `run_folder`: folder of a study as a run finds it: nothing in it is taken for a
  program
- `sealed_rows`: rows of the sheets that belong to sealed subjects, and faults of the
  seal
- `sources`: sources of the sheets: they exist, and lie below the folders that the study
  names
"""
