"""The Django project. Nothing is imported here, so that the start can name a missing module in one line."""

VERSION = "0.1.0"
