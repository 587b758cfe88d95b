"""Feature engines, their set-up, and the IBSI phantom that they are checked on."""
