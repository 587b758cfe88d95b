"""External validation: what a frozen model reached, beside what was to be expected."""
