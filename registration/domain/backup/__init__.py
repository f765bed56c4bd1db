"""Everything the database holds as one file, and back from it; the keys are not in it."""
