"""Simulations that every printed statistic is run on: noise, and known truths.

Each file has a fast form, run by default, and a full form that is marked slow. Both
use fixed seeds, so that a failure is a change of the code and not of luck.
"""
