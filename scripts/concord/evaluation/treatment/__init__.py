"""Treatment and marker: for whom a treatment works.

- `checks`: faults of treatments: what an endpoint lacks, and arms that know the
  treatment
- `fits`: fits without a penalty, whose likelihoods are compared; groups are strata
- `interaction`: treatment by marker: tests, marker effects by treatment, treatment
  effects
- `marker_test`: one marker of a treatment's effect: test of the interaction, and
  effects with it
- `markers`: markers of a predictive endpoint: covariates, features, and scores of arms
- `nested`: nested models of treatment and marker, with and without their interaction
- `scale`: scale of a marker: one SD as the unit, or normal scores of its ranks
- `settings`: settings of rule treatment_interaction
- `subjects`: subjects in whom a marker is tested: complete, one per patient, of telling
  groups
"""
