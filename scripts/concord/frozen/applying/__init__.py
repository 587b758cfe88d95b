"""Application of frozen models to subjects of another study.

- `acquired`: scanner, reconstruction, protocol and reader that development does not
  know
- `application`: frozen models applied to all subjects of a study: scores, flags and
  verdicts
- `applied`: frozen model under the name of its arm, and measurements of a study
- `batches`: batches that a frozen model has not learnt
- `chances`: place of a score in development, interval of its risk, and reasons for none
- `checks`: refusals of a study whose inputs are not those of its models, before any
  score
- `covariate_checks`: covariates and batches of a study that are not those of a model
- `distance`: mahalanobis distance of a subject from those of development
- `flags`: flags of subjects whom a frozen model is applied to, and how grave they are
- `patient_documents`: result of one patient as a versioned document (JSON), for other
  systems
- `patients`: tables of patients that frozen models are applied to, and a document of
  each
- `ranges`: predictors outside their range in development
- `regions`: images and regions of a subject that are missing, or too small
- `scoring`: scores of frozen models, each subject by itself
- `settings`: the section `model`: a study that applies frozen models and fits none
"""
