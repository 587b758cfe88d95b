"""Removal of batch effects from features, learnt on development rows only."""

from .combat import ComBat as ComBat
