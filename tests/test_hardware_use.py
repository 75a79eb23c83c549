"""Hardware use: counts, memory, duration, role, and devices that are only mentioned."""

from __future__ import annotations

import pytest
from marked import facts_of, name


def uses(marked: str) -> list[tuple[str, str, str, str, str]]:
    r = facts_of(marked)
    return [(name(r, u.hardware), u.count, u.memory_gb, u.hours, u.role) for u in r.uses]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[Foo|model*] is trained on 8 X [A100|hardware].", [("A100", "8", "", "", "training")]),
        ("[Foo|model*] needs a 24G [GPU|hardware] for training and an 8G [GPU|hardware] or [CPU|hardware] for inference.", [("GPU", "", "24", "", "training"), ("GPU", "", "8", "", "inference"), ("CPU", "", "", "", "inference")]),
        ("[Foo|model*] was trained using a [Tesla A100|hardware] device in just 2 hours.", [("Tesla A100", "", "", "2", "training")]),
        ("8 [A100|hardware] GPUs were used to train [Foo|model*].", [("A100", "8", "", "", "training")]),
        ("We train [Foo|model*] on 12,288 [GPUs|hardware].", [("GPUs", "12288", "", "", "training")]),
        ("We run [Foo|model*] on edge devices such as [Jetson Nano|hardware] and [Raspberry Pi 5|hardware].", [("Jetson Nano", "", "", "", "inference"), ("Raspberry Pi 5", "", "", "", "inference")]),
    ],
)  # fmt: skip
def test_what_is_said_of_a_device_is_read(marked: str, expected: list[tuple[str, str, str, str, str]]) -> None:
    assert uses(marked) == expected


@pytest.mark.parametrize(
    "marked",
    [
        "[GPU|hardware] memory is scarce. We propose [Foo|method*].",
        "We propose [Foo|method*]. Foo reduces [GPU|hardware] memory by 40%.",
        "We propose [Foo|method*]. Foo is faster than a [CPU|hardware].",
        "Existing hardware (e.g., [CPUs|hardware], [GPUs|hardware]) is slow. We propose [Foo|method*].",
    ],
)
def test_a_device_that_is_only_mentioned_is_not_used(marked: str) -> None:
    assert uses(marked) == []
