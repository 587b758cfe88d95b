"""Formulas of updates of a model: recalibration, and which of it is warranted.

- `closed_test`: closed test of the update that is warranted, among nested ones
- `event_trials`: trials of a binary outcome, whose offset is the score: log odds
- `families`: outcomes of which an update is learnt: events, and events within a
  follow-up
- `hazard_trials`: trials of a time to an event, by the cumulative hazard that a model
  gives
- `regression`: regression of outcomes on few columns beside an offset, of one sample or
  of many
"""
