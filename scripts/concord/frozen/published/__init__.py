"""Published equations as frozen models."""
