"""Features of a chunk: segmentations, cached values of each recipe, feature matrix.

`chunk` is the entry; `engine_crosscheck` compares both engines along the same way.
"""
