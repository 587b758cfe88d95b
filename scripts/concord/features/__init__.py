"""Features of the regions of an image, as defined by the IBSI.

Along the way of a value: `settings`, `recipe`, `preparation`, `engines`, `extraction`,
`dictionary`; `filters` are the response maps of a recipe, `repeats` the measurements of
one scan under other conditions, `maps` the values around every voxel. At the bottom
stand `families`, `ibsi` (features and names of columns) and `errors`.
"""
