"""Added value of an arm over another one.

- `added_value`: added value of arms: likelihood ratio, discrimination, IDI and NRI side
  by side
- `likelihood`: likelihood ratio of a held-out score beside that of another arm
- `reclassified`: NRI and IDI of an arm against another one, repeat by repeat
- `settings`: settings of rule added_value
- `subject_risks`: risks of each subject by the headline and by the reference arm, for
  the figure
"""
