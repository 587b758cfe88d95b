"""The reader that no sheet names: the consensus of all others."""

#: Name of the reader that stands for all others.
CONSENSUS = "consensus"

#: A region has a consensus if at least so many readers segmented it.
LEAST_READERS = 3
