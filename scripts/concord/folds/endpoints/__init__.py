"""Outcomes of a study: options of an endpoint, and the columns of the cohort they give.
"""
