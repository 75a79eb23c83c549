"""Devices by their names: one concept whatever maker, bus or count stands around it, variants by memory, and the class it belongs to."""

from __future__ import annotations

import re
from functools import lru_cache

from kgraph.keys import Anchor, plain_id
from kgraph.lexicon import load
from kgraph.names import fold

_MAKER = re.compile(
    r"\b(?:NVIDIA|AMD|Intel|Google|Huawei|Xilinx|Qualcomm|Tesla|GeForce|Quadro|Tensor Core|Ampere|Hopper|Volta|"
    r"Pascal|Turing|Ada Lovelace|Blackwell|Cloud)(?:['’]s)?\b\s*",
    re.IGNORECASE,
)
_DEVICE_NOUN = re.compile(
    r"[\s\-]+(?:Tensor Core\s+)?(?:GPUs?|graphics cards?|cards?|accelerators?|chips?|processors?|devices?|boards?|CPUs?|nodes?|servers?|machines?|hardware)$",
    re.IGNORECASE,
)
_SAME_DEVICE = re.compile(r"(?:devices?|hardware|machines?)$", re.IGNORECASE)
_COUNT = re.compile(r"^\d+\s?(?:x|×)\s*", re.IGNORECASE)
_MEMORY = re.compile(r"[\s\-(]*\b(\d{1,3})\s?-?G(?:i?B)?\b(?:\s?(?:VRAM|HBM\w*|memory|RAM))?\)?", re.IGNORECASE)
_BUS = re.compile(r"[\s\-]+(?:SXM\d?|PCI-?e|NVL\d*|OAM)\b", re.IGNORECASE)
_CLASSES: tuple[tuple[str, str], ...] = (  # (pattern on the name, id of the class of devices)
    (r"\bTPU", "tpu"),
    (r"\b(?:RTX|GTX|GeForce|Quadro|Tesla|Titan|TITAN|Radeon|Instinct|MI\d{2,3}|GPUs?|[ABHPV]\d{2,3}0|L\d{1,2}S?|GH200|GB\d00|T4)\b", "gpu"),
    (r"\b(?:Xeon|EPYC|Ryzen|Core i\d|CPUs?|Cortex-A\d+|Threadripper|Kunpeng|Graviton)\b", "cpu"),
    (r"\b(?:FPGAs?|Alveo|Zynq|Virtex|Kintex|Stratix|Arria|Agilex|Versal|ZCU\d+)\b", "fpga"),
    (r"\b(?:NPUs?|Ascend|Hexagon|Neural Engine)\b", "npu"),
)


def device_class(name: str) -> str:
    """Id of the class a device belongs to by its name (`gpu`, `tpu`, ...), or `""`.

    >>> device_class("NVIDIA RTX 9990 Ti"), device_class("TPU v9"), device_class("smartphone")
    ('gpu', 'tpu', '')
    """
    return next((cls for pattern, cls in _CLASSES if re.search(pattern, name)), "")


@lru_cache(maxsize=1 << 14)
def device(name: str) -> Anchor | None:
    """The concept of a device's name: maker, bus, count and device noun do not matter, memory makes a variant.

    >>> [device(n).id for n in ("NVIDIA A100 GPUs", "Tesla A100", "8x A100", "A100-SXM4-80GB", "80GB A100")]
    ['nvidia-a100', 'nvidia-a100', 'nvidia-a100', 'nvidia-a100-80gb', 'nvidia-a100-80gb']
    """
    lexicon = load()
    text = _COUNT.sub("", re.sub(r"\s+", " ", name).strip().removeprefix("an ").removeprefix("a "))
    memory = _MEMORY.search(text)
    bare = _BUS.sub("", text)
    if memory:
        bare = _MEMORY.sub(" ", bare).strip(" -()")
    bare = bare.strip()
    stem = _DEVICE_NOUN.sub("", bare).strip(" -")
    if stem and (not stem.islower() or _SAME_DEVICE.search(bare)):  # a data center's accelerator is none
        bare = stem
    without = _MAKER.sub("", bare).strip()
    entry = next(
        (e for n in (text, bare, f"NVIDIA {without}", without, f"NVIDIA {bare}") if (e := lexicon.lookup(n, "hardware")) and e.kind == "hardware"), None
    )
    if entry is None:
        if not any(c.isdigit() for c in bare) or not any(c.isalpha() for c in without):  # no number, or nothing else ("8-GPU")
            return None
        id_, label = plain_id(fold(without)), bare
    else:
        id_, label = entry.id, entry.name
    if memory is None or (entry is not None and re.search(r"\dgb$", fold(entry.name))):
        return Anchor(id_, label, "device", entry)
    variant = lexicon.lookup(f"{label} {memory.group(1)}GB")
    return Anchor(f"{id_}-{memory.group(1)}gb", f"{label} {memory.group(1)}GB", "device", variant, parent=id_)
