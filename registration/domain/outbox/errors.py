from registration.domain.errors import DomainError


class NotWaiting(DomainError):  # noqa: N818 (named after what the person is told)
    """The message is in a state from which this step does not lead."""
