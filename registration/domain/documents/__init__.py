"""Files that organisers ask for: lists, run sheets, briefings, certificates."""
