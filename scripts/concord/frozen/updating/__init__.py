"""Updates of frozen models at another hospital; each is a document of its own.

- `documents`: documents of updated models, each of which names its parent by its hash
- `errors`: intervals of what an update learnt
- `hazards`: baseline hazards at another hospital: expected events, factors, new
  estimates
- `kinds`: kinds of updates: what each learns, and its words
- `learning`: line on the score and, with times, baseline hazard that an update
  estimates
- `limits`: reasons why an update is not made
- `samples`: samples of an updated model: each with an update that is drawn for it
- `settings`: settings of rule update_model
- `subjects`: subjects at a hospital whose scores and outcomes update a model
- `warranted`: closed test of the update that the subjects at a hospital warrant
"""
