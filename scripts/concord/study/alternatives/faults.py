"""Faults of alternatives: keys that are none, values that no analysis can have."""

from collections.abc import Collection, Iterator
from typing import Any

from ...config_faults import Fault, nearest
from ...models.settings.fusion import fused_from
from ...readers import CONSENSUS
from .analyses import Alternatives
from .overlay import RECIPES, text_of

#: Where the keys of alternatives stand in the configuration.
SECTIONS = ("arms", "harmonization", "stability", RECIPES)
READER = "study.reference_reader"
#: Keys of harmonization that name rows or permutations which no fit of an arm reads.
_OF_OTHER_ROWS = ("fit_on", "phantom_table", "diagnostic_permutations")
_KEY = "multiverse.alternatives"


def alternative_faults(
    alternatives: Alternatives, readers: Collection[str]
) -> Iterator[Fault]:
    """Faults of all keys and values, each tried alone.

    Parameters
    ----------
    alternatives : Alternatives
        The alternatives of the study.
    readers : collection of str
        Readers whose features the study has; empty if they are not known.
    """
    where, section = alternatives.where, alternatives.config.multiverse
    if section is None:
        return
    yield from _scheme_faults(alternatives)
    if alternatives.n_combinations == 1:
        yield Fault(where, _KEY, "hold no value but those of the study itself")
    for key, values in section.alternatives.items():
        place = f"{_KEY}.{key}"
        message = _key_fault(alternatives, key)
        if message:
            yield Fault(where, place, message)
            continue
        for value in values:
            message = _value_fault(alternatives, key, value, readers)
            if message:
                yield Fault(where, place, message)


def _scheme_faults(alternatives: Alternatives) -> Iterator[Fault]:
    """A scheme of validation that the study has not."""
    validation, section = alternatives.config.validation, alternatives.config.multiverse
    known = sorted({part.partition("-")[0] for part in validation.parts()})
    if section is not None and section.scheme not in known:
        yield Fault(
            alternatives.where,
            "multiverse.scheme",
            f"is {section.scheme!r}, but the study is validated by {', '.join(known)}",
        )


def _key_fault(alternatives: Alternatives, key: str) -> str:
    """Why a key can have no alternatives, or an empty text."""
    first, _, rest = key.partition(".")
    if key == READER:
        return ""
    if first not in SECTIONS or not rest:
        known = [f"{one}." for one in SECTIONS] + [READER]
        hints = [nearest(key, [READER]), nearest(first, SECTIONS)]
        close = next((hint for hint in hints if "did you mean" in hint), "")
        return (
            "is no key that an analysis chooses in the same folds; expected keys of "
            f"{', '.join(known)}{close}"
        )
    if first == RECIPES:
        return _recipe_key_fault(alternatives, rest)
    if first == "arms":
        return _arm_fault(alternatives, rest)
    if first == "harmonization" and rest in _OF_OTHER_ROWS:
        return "needs rows that are not read here; give it a study of its own"
    return ""


def _arm_fault(alternatives: Alternatives, rest: str) -> str:
    config = alternatives.config
    name, _, option = rest.partition(".")
    wanted = [config.evaluation.headline_arm, config.evaluation.reference_arm]
    used = {
        member
        for arm in wanted
        if arm in config.arms
        for member in (arm, *fused_from(config.arms, arm))
    }
    if name not in config.arms:
        return f"{name!r} is not defined{nearest(name, config.arms)}"
    if name not in used:
        return (
            f"{name!r} is neither the headline arm nor its reference; alternatives of "
            f"{', '.join(sorted(used))} can be given"
        )
    if not option or option == "label":
        return "expected a key of the arm, such as harmonizer or max_features"
    return ""


def _recipe_key_fault(alternatives: Alternatives, rest: str) -> str:
    image, _, option = rest.partition(".")
    if option:
        return (
            f"would need features that are not extracted; declare a recipe with this "
            f"{option} (recipes.NAME: {{like: {image}, {option}: ...}}) and give "
            f"{_KEY}.{RECIPES}.{image}: [NAME]"
        )
    main = alternatives.own(f"{RECIPES}.{image}")
    if main not in alternatives.config.recipes:
        known = nearest(image, alternatives.config.recipes)
        return f"{image!r} is no image with a recipe{known}"
    return ""


def _value_fault(
    alternatives: Alternatives, key: str, value: Any, readers: Collection[str]
) -> str:
    """Why a value can be none of the key's, or an empty text."""
    first, _, _ = key.partition(".")
    if first == RECIPES:
        known = alternatives.config.recipes
        if value not in known:
            return (
                f"{value!r} is no recipe of the study, and would need another "
                f"extraction{nearest(str(value), known)}"
            )
        return ""
    if key == READER and readers and value not in {*readers, CONSENSUS}:
        hint = nearest(str(value), {*readers, CONSENSUS})
        return f"{value!r} has segmented nothing{hint}"
    if key.startswith("harmonization.batch"):
        message = _batch_fault(alternatives, value)
        if message:
            return message
    return _contradiction(alternatives, key, value)


def _batch_fault(alternatives: Alternatives, value: Any) -> str:
    """A variable that the cohort does not have."""
    batch = alternatives.config.harmonization.batch
    known = {name for names in batch.values() for name in names}
    lists = value.values() if isinstance(value, dict) else [value]
    for names in lists:
        for name in names if isinstance(names, list) else [names]:
            if name not in known:
                return (
                    f"{name!r} is no variable of harmonization.batch, whose columns "
                    f"alone the cohort has: {', '.join(sorted(known))}"
                )
    return ""


def _contradiction(alternatives: Alternatives, key: str, value: Any) -> str:
    """A value that the key does not allow, or that contradicts all others."""
    config, faults = alternatives.tried({key: value})
    own = [fault for fault in faults if fault.key.startswith(key)]
    if config is not None or not faults:
        return ""
    wrong = [fault for fault in own if ", found " in fault.message]
    wrong += [fault for fault in faults if fault.message.startswith("unknown key")]
    if wrong:
        return f"{text_of(value)}: {wrong[0].key} {wrong[0].message}"
    if alternatives.ever_possible(key, value):
        return ""
    return (
        f"{text_of(value)} is possible in no combination: {faults[0].key} "
        f"{faults[0].message}"
    )
