"""Outcomes at a horizon: an event within some days, known or not."""

import pandas as pd

#: Columns of a cohort; the name of the endpoint follows.
CENSORED_BEFORE, FOLLOW_UP = "censored_before.", "follow_up_days."


def at_horizon(
    name: str, event: pd.Series, days: pd.Series, horizon_days: float, weighted: bool
) -> pd.DataFrame:
    """Columns of an outcome at a horizon.

    `event.<name>` is 1 for an event at or before the horizon, 0 for who was followed to
    it without, and NaN for who is censored before: then `censored_before.<name>` is 1.
    With weights, `follow_up_days.<name>` is what they are learnt from.

    Parameters
    ----------
    name : str
        Name of the endpoint.
    event, days : Series of float
        0 or 1, and days to event or censoring; NaN where they are not known.
    horizon_days : float
    weighted : bool
        Whether those followed stand for those who were not.
    """
    happened = (event == 1) & (days <= horizon_days)
    followed = days >= horizon_days
    known = event.notna() & days.notna()
    status = happened.astype(float).where(happened | followed).where(known)
    lost = (~happened & ~followed).astype(float).where(known)
    table = {f"event.{name}": status, f"{CENSORED_BEFORE}{name}": lost}
    if weighted:
        table[f"{FOLLOW_UP}{name}"] = days
    return pd.DataFrame(table, index=event.index)
