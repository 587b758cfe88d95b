"""Second engine, Z-Rad: aggregations in 2D and 2.5D, and checks of the first.

- `engine`: the only module that knows the second feature engine (Z-Rad)
- `ivh`: the axis along which the second engine counts an intensity-volume histogram
- `known_differences`: why the two feature engines may differ: each known cause, and
  when it holds
- `names`: what the second feature engine offers: aggregations, and tags of its features
"""

from ....lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "engine": ["measure_recipe", "offered", "software"],
        "known_differences": ["Case", "known_cause"],
    },
)
