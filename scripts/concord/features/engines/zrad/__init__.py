"""Second engine (Z-Rad): adapter, names, and known differences from the first.

- `engine`: the only module that knows the second feature engine (Z-Rad)
- `known_differences`: known differences of the two feature engines: each cause, and
  when it holds
- `names`: aggregations of the second feature engine, and tags of its features
- `surfaces`: surfaces of a mask as the two feature engines mesh it by marching cubes
"""

from ....lazy import attach

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "engine": ["measure_recipe", "offered", "software"],
        "known_differences": ["Case", "known_cause"],
    },
)
