"""Added value of an arm over another one.

- `x`: y
"""
