"""Outcomes of a study: options of an endpoint, and the columns that they give.

- `dates`: days between two dates of a sheet; no date leaves this module, not in a
  message
- `faults`: faults of the declared endpoints: times that are missing, options that do
  not fit
- `horizon`: outcomes at a horizon: an event within some days, known or not
- `options`: options of an endpoint: strata, dates in place of days, and a horizon
- `strata`: strata of Cox's model: subjects with a baseline hazard in common
"""
