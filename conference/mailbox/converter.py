class MessageName:
    """The name of a stored message, as `store.save` gives it."""

    regex = r"\d{20}-[0-9a-f]{8}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
