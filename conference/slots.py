"""A worker's slots for tasks, over a broker that is silent for a while."""
# mypy: allow-untyped-calls

from __future__ import annotations

from kombu.transport import redis, virtual


class PatientQoS(redis.QoS):
    """Frees a task's slot also where the broker did not take its acknowledgement.

    Otherwise a worker of one slot never takes a task again although the broker is back and everything looks
    well. The broker hands the task out once more after the visibility timeout, which does no harm.
    """

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


def free_slots_whatever_happens() -> None:
    redis.Channel.QoS = PatientQoS
