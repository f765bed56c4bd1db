"""A drawing from outside is drawn once in a process of its own, before any page draws it."""
