"""Figures of the evaluation.

- `decision_curve`: decision curves of the headline and the reference arm
- `declarations`: figures of the evaluation, in the order of the report; part of the
  catalogue
- `reclassification`: risks by the headline arm against those by the reference arm
"""
