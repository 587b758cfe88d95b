"""Calibration: do predicted probabilities agree with what is observed?

- `distances`: distances of a flexible calibration curve from the ideal: ICI, E50, E90
  and Emax
- `links`: links of probabilities: logit of an event, cloglog of an event before a
  horizon
- `lowess`: local linear smoothing as a linear map of the outcomes, which its errors
  need
- `regression`: regression of outcomes on their predictions: calibration in the large,
  and slope
- `spiegelhalter`: test of Spiegelhalter: squared errors of predictions against what
  they announce
"""
