"""Comparison of a simulated study with what was planted in it.

- `applied`: do frozen models tell what was planted in patients of another hospital?
- `claims`: does the study find what the simulation planted?
- `judgement`: does the evaluation find a site of another risk, and no value in noise?
- `modalities`: does the study score those who lack a modality, and say so?
- `outcomes`: does the study find what was planted in the outcomes?
- `readers`: does the study find what was planted in the segmentations?
- `study_tables`: tables of a simulated study, and features of it that follow the
  planted texture
"""
