"""Sections of the configuration on features, and settings of each rule (`rules`)."""
