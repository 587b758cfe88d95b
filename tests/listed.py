"""Digests of image files, as the tables that list them hold them."""

from concord import images


def digest_of(path) -> str:
    """The digest that a table tells of an image or mask."""
    return images.volume_digest(images.read(path))
