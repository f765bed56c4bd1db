"""Answers that are the same for everybody: made once, kept as bytes, sent before anything else is looked at."""
