"""Updates of frozen models at another hospital; each is a document of its own."""
