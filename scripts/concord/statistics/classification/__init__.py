"""Classification by predicted risks: net benefit and reclassification.

- `flagged`: subjects flagged by a rule, and how many of them have the event: shares of
  everybody
- `net_benefit`: net benefit of acting on a predicted risk, beside acting on everybody
- `reclassification`: reclassification: net reclassification (NRI) and integrated
  discrimination (IDI)
"""
