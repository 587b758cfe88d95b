"""Frozen models: one document that predicts where the study's data do not exist.

- `development`: development subjects of a frozen model, in numbers that name nobody
- `document`: frozen model as one versioned document, written and read here alone
- `inputs`: inputs, outcome and origin of a frozen model
- `naming`: kinds of files of frozen models, by their endings
- `reading`: any file that holds a frozen model: a document in JSON, or an equation in
  YAML
- `settings`: the section `freeze`: models that are written for use elsewhere
- `applying/`: application of frozen models to subjects of another study
- `card/`: model card of a frozen model
- `equation/`: equation of a frozen linear model
- `freezing/`: freezing of fitted models: one document for use elsewhere
- `published/`: published equations as frozen models
- `updating/`: updates of frozen models at another hospital; each is a document of its
  own
"""
