"""Outcomes with times: follow-up, and what scores tell of them."""
