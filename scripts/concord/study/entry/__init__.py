"""Entry of what others wrote: names and paths that cannot be are faults.

- `names`: names of sheets and configuration that cannot be, or that would share a file
- `sources`: sources of the sheets: they exist, and lie below the folders that the study
  names
"""
