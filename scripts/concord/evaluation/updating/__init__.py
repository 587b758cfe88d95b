"""Updates of frozen models, judged by the subjects that they were learnt from."""
