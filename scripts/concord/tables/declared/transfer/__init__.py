"""Kinds of tables of frozen models at other hospitals."""
