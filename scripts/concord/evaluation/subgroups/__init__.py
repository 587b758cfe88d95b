"""Subgroups and fairness: the same metrics by subgroup, with tests of interaction."""
