"""Removal of batch effects from features, learnt on development rows only."""
