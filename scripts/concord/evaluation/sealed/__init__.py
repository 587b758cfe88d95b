"""Test of the frozen models on sealed subjects, and the ledger of every look at them.

- `chained`: x
"""
