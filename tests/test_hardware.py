"""Devices in texts: which names count, which do not, and what they are called."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from kgraph.extract.hardware import _LINE_STARTS, _patterns, find_devices
from kgraph.extract.pipeline import read_papers
from kgraph.lexicon import load
from kgraph.model import Paper


def devices(text: str) -> list[str]:
    return [name for _, _, name in find_devices(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("using 64 NVIDIA A100 GPUs", ["NVIDIA A100"]),
        ("on 8 x A100-80GB", ["A100"]),
        ("on 2,048 H800 GPUs", ["H800"]),
        ("on Nvidia H100 SXM5 80GB cards", ["NVIDIA H100"]),
        ("a 24G GPU for training and an 8G GPU or CPU", ["GPU", "GPU", "CPU"]),
        ("a single RTX 4090 or RTX3090 Ti", ["RTX 4090", "RTX3090 Ti"]),
        ("an RTX A6000 GPU and a GTX 1080Ti", ["RTX A6000", "GTX 1080Ti"]),
        ("on Jetson Orin Nano and NVIDIA Jetson AGX Xavier boards", ["Jetson Orin Nano", "NVIDIA Jetson AGX Xavier"]),
        ("Ascend 910B NPUs and Huawei's Ascend NPU", ["Ascend 910B", "Huawei Ascend"]),
        ("AMD Instinct MI300X and MI250 GPUs", ["AMD Instinct MI300X", "MI250"]),
        ("TPU v4, TPUv5e and Cloud TPU v3-128 pods", ["TPU v4", "TPUv5e", "Cloud TPU v3-128"]),
        ("Snapdragon 8 Gen 3 and Apple M2 Ultra", ["Snapdragon 8 Gen 3", "Apple M2 Ultra"]),
        ("an M1 chip", ["M1"]),
        ("a Raspberry Pi 4B with an ARM Cortex-A53", ["Raspberry Pi 4B", "ARM Cortex-A53"]),
        ("Xilinx ZCU102 FPGA, Alveo U280", ["Xilinx ZCU102", "Alveo U280"]),
        ("Intel Xeon Gold 6230 CPUs and a Core i7-9700K", ["Intel Xeon Gold 6230", "Core i7-9700K"]),
        ("Gaudi 2 accelerators, Cerebras CS-2, Graphcore IPUs, GroqChip", ["Gaudi 2", "Cerebras CS-2", "Graphcore IPU", "GroqChip"]),
        ("on mobile phones and other end-side devices", ["mobile phone", "end-side device"]),
        ("two consumer GPUs", ["consumer GPU"]),
        ("four T4 GPUs and 8xL4", ["T4", "L4"]),
        ("an A10G instance", ["A10G"]),
        ("iPhone 15 Pro and Pixel 8", ["iPhone 15 Pro", "Pixel 8"]),
    ],
)
def test_product_lines_and_device_classes_are_found(text: str, names: list[str]) -> None:
    assert devices(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "the A100 highway", "the M1 model of the macro economy", "soft TPU-fabric actuators", "the T4 split of the corpus", "BERT-A100-v2 is a checkpoint",
        "we use L2 regularisation and P4 symmetry", "Apple pies", "a Core idea", "the Titan arum",
        "M2 macrophages", "MI estimation", "the core of the nano scale",
    ],
)  # fmt: skip
def test_codes_that_name_other_things_are_no_devices(text: str) -> None:
    assert devices(text) == []


def test_spans_are_slices_of_the_text_in_order_and_apart() -> None:
    text = "On 8 A100 GPUs, two Jetson Nano boards, an Intel Xeon CPU and a smartphone."
    found = find_devices(text)
    assert [text[s:e] for s, e, _ in found] == ["A100 GPUs", "Jetson Nano boards", "Intel Xeon CPU", "smartphone"]
    assert all(a[1] <= b[0] for a, b in pairwise(found))


def test_the_cheap_test_in_front_of_product_lines_hides_none() -> None:
    lines, _ = _patterns()
    plain = re.compile(lines.pattern.replace(f"(?={_LINE_STARTS})", ""))
    assert plain.pattern != lines.pattern
    names = [name for entry in load().entries for name in entry.names]
    found = [name for name in names if plain.search(f"{name} GPUs")]
    assert len(found) > 200
    assert [name for name in found if not lines.search(f"{name} GPUs")] == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("We train Foo on 4 A100-80GB GPUs.", "A100-80GB"),
        ("We train Foo on an NVIDIA A100 (80GB) GPU.", "NVIDIA A100 (80GB)"),
        ("We train Foo on 80GB A100 GPUs.", "80GB A100 GPUs"),
        ("We train Foo on A100 GPUs and on a 24G GPU with 80GB of memory.", ""),
    ],
)
def test_a_device_written_with_its_memory_is_a_variant_beside_it(text: str, written: str) -> None:
    [facts] = read_papers([Paper("p", abstract=text)])
    variants = [i for i, e in enumerate(facts.entities) if e.name.endswith("80GB")]
    if not written:
        assert not variants
        return
    assert [facts.entities[i].kind for i in variants] == ["hardware"]
    assert any(e.name.endswith("A100") for e in facts.entities)
    [mention] = [m for m in facts.mentions if m.entity == variants[0]]
    assert text[mention.start : mention.end] == written
    assert {facts.entities[u.hardware].name.removeprefix("NVIDIA ") for u in facts.uses} == {"A100"}
