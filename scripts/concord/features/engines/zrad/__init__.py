"""Second engine (Z-Rad): adapter, names, and known differences from the first."""
