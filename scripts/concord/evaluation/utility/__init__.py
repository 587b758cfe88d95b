"""Utility of predictions: decision curves and clinical impact.

- `benefits`: net benefit of an arm at some thresholds, repeat by repeat
- `clinical_impact`: clinical impact at declared thresholds: what acting does to 1000
  patients
- `decision_curves`: decision curves of all arms: net benefit over a grid of thresholds
- `repeats`: means over repeats of values of whole repeats, with their errors and
  intervals
- `risk_rows`: predicted risks beside the outcomes that they are judged by
- `settings`: settings of rule decide
"""
