"""However much is asked for, a process's memory has an end."""

from __future__ import annotations

from conference.public_bytes.memory import Memory


def held(memory: Memory[str], keys: str) -> str:
    return "".join(key for key in keys if memory.get(key) is not None)


def test_what_was_not_asked_for_longest_goes_first() -> None:
    memory: Memory[str] = Memory(most=30)
    for key in "abc":
        memory.put(key, key, size=10)
    memory.get("a")

    memory.put("d", "d", size=10)

    assert held(memory, "abcd") == "acd"


def test_a_newer_value_takes_the_place_of_the_older_one() -> None:
    memory: Memory[str] = Memory(most=30)
    for size in (10, 20, 25):
        memory.put("a", str(size), size=size)
    memory.put("b", "b", size=5)

    assert (memory.get("a"), memory.get("b")) == ("25", "b")


def test_what_is_larger_than_all_of_it_drives_nothing_out() -> None:
    memory: Memory[str] = Memory(most=30)
    memory.put("a", "a", size=30)

    memory.put("b", "b", size=31)

    assert held(memory, "ab") == "a"
