"""Manifest, research object and data card, which go along with the results.

- `card`: data card of a study: sites, scanners, counts, exclusions and declared licence
- `crate`: results as a research object: a Workflow Run RO-Crate
- `manifest`: manifest of all results, and what was edited, swapped or removed since
  then
- `settings`: settings of the rule that packs the results as a research object
"""
