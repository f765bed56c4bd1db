from tests.outbox.conftest import event, owe

__all__ = ["event", "owe"]
