"""Classification: thresholds of scores, who is called high, and what that gains.

- `delong`: DeLong's test of two areas under ROC curves, and the p-value of a statistic
- `flagged`: subjects flagged by a rule, and how many of them have the event: shares of
  everybody
- `net_benefit`: net benefit of acting on a predicted risk, beside acting on everybody
- `partial_area`: partial area under a ROC curve, at high specificity, with influences
- `reclassification`: reclassification: net reclassification (NRI) and integrated
  discrimination (IDI)
- `roc_points`: points of a ROC curve: rates at each score, and scores at which to call
  it high
- `shares`: shares of subjects who are called rightly, and how many subjects they speak
  for
"""
