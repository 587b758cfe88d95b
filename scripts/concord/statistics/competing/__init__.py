"""Competing risks.
"""
