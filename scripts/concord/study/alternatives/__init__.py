"""Alternatives of keys: their faults, and the studies that combinations make.

- `analyses`: all analyses of a multiverse: combinations of alternatives, each as a
  study
- `declared`: alternatives that a study declares, with what its sheets say of them
- `faults`: faults of alternatives: keys that are none, values that no analysis can have
- `overlay`: a configuration with other values of some keys, as it would have been read
"""
