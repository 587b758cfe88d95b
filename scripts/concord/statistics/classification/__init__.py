"""Classification by predicted risks: net benefit and reclassification.

- `x`: y
"""
