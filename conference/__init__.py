"""The Django project. Nothing is imported here, so that the start can name a missing module in one line."""
