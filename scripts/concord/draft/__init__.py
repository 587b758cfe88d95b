"""Drafts of a new study, from folders of images and a clinical table."""
