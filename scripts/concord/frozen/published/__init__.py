"""Published equations as frozen models.

- `consistency`: faults of a published equation that no term has alone
- `frozen`: frozen model of the terms of a published equation
- `naming`: features of a publication: by IBSI code, or by the name that another tool
  gives
- `reading`: published equation in YAML as a frozen model
- `sections`: sections of a published equation in YAML
- `settings`: settings of the rule that writes published equations as frozen models
- `terms`: terms of a published equation as columns with weights, and the features they
  need
"""
