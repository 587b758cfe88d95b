"""From a scan and its segmentations to the regions that an engine measures.

`prepared` is the one path; `scan`, `normalization`, `controls`, `grid`,
`resegmentation`, `discretization` and `responses` are its steps in this order, and
`regions` makes regions of others.
"""
