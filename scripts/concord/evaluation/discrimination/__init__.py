"""Discrimination in detail: operating points, C-indices and the AUC over time.

- `calls`: calls: who is high by a threshold, and what the outcome of a subject counts
  for
- `fold_measures`: several measures in every fold of an arm, and how far each cluster
  moves them
- `measures`: measures of discrimination of the rows of one fold
- `operating_points`: operating points: what is reached at thresholds that were chosen
  in development
- `outcomes`: rows that are judged: what became of each subject, and until when all are
  watched
- `over_time`: AUC over time of the headline and the reference arm, for a curve
- `settings`: settings of rule discriminate
- `tables`: discrimination of every arm in detail, and its difference to the reference
  arm
"""
