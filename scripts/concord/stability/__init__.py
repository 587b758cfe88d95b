"""How far features repeat."""
