"""Uploaded drafts: kept until they are read, read one at a time, applied and taken back with a report."""
