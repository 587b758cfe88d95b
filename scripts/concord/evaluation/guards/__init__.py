"""Guards of the evaluation: is there enough to learn from.

- `event_counts`: events of an endpoint in each group and stratum, and who is censored
  too early
- `sample_size`: sample size of every arm beside what the criteria of Riley et al. ask
  for
- `tables`: tables of the guards of an endpoint, for whoever judges its arms
"""
