"""Features of a region of an image, as defined by the IBSI."""
