"""Personal codes: read from a list, each given to one person only, never twice."""
