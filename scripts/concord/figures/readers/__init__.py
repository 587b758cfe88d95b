"""Figures on readers: agreement of segmentations, and of predictions from them.

- `agreement`: how well readers agree, by site
- `agreement_matrix`: agreement of each reader with each other one, as a matrix
- `agreement_volumes`: volumes by two readers, and agreement against volume
- `gallery`: the cases in which readers agree worst, with their segmentations
- `pairs`: pairs of readers in figures: their choice, colours and names
- `prediction_agreement`: how far the risk of a subject moves when another reader
  segments
"""
