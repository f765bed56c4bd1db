"""The one-command start: sets everything up, runs every process of the demo and ends them together."""
