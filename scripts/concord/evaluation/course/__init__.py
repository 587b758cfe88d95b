"""Course of survival: risk groups, and effects that change with time."""
