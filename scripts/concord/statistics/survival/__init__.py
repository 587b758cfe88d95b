"""Course of survival: curves, restricted means, and effects that change with time."""
