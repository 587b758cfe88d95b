"""How far readers agree on an outline."""
