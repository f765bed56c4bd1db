"""How each language types what Django knows otherwise."""
