"""Every text of a conference in each language: what is missing, what lags behind its source, and writing it."""
