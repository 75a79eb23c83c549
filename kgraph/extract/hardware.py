"""Extraction, devices: which stretches of a text name hardware that work runs on.

No corpus labels hardware, but its names follow a few hundred product lines with regular numbering, so patterns over the lines find
chips that came out after the patterns were written. Designations that are also ordinary codes (`T4`, `M1`, `L4`) count only where a
vendor, a line, a memory size, a count or a device noun stands beside them.
"""

from __future__ import annotations

import re
from functools import cache

_MEMORY = r"(?:(?:[ -]\(?|(?<=[a-z])\()\d{1,3} ?-?G(?:i?B)?\b\)?)"
_BUS = r"(?:[ -](?:SXM\d?|PCIe|NVL\d*|OAM)\b)"
_EXTRA = rf"(?:{_BUS}|{_MEMORY})*"
_NOUN = (
    r"(?:GPU|CPU|TPU|NPU|DPU|DCU|FPGA|SoC|SmartNIC|ASIC|accelerator|processor|chip|chipset|card|board|device|module|node|server|machine|"
    r"computer|platform|workstation|smartphone|phone|laptop|instance|microcontroller|MCU|pod|cluster|supercomputer|superchip|kit|stick)"
)
_NVIDIA = r"(?:NVIDIA|Nvidia|NVidia|nvidia|nVidia)(?:['’]s)?"
_GEN = r"(?:Hopper|Blackwell|Ampere|Volta|Turing|Pascal|Maxwell|Kepler|Ada(?: Lovelace)?|Rubin|Fermi)"
_MODIFIED = (
    r"(?:AI|ML|DL|edge|embedded|mobile|graphics|graphic|single-board|desktop|onboard|gaming|compute|data ?center|developer|development|dev"
    r"|neural processing|vision|accelerator)"
)

# Designations that name nothing else in this field, and those that also name other things (kept with evidence beside them only).
_CLEAR_NVIDIA = r"(?:[AHVP]100|[AH]800|H200|[BR][12]00|B300|G[BH][23]00|L40S|A10G|A6000|A5000|A4000|K80)"
_VAGUE_NVIDIA = r"(?:[TKPML]4|L20|L40|H20|[PKA]40|M60|M40|K40[cm]?|K20[cmX]?|[CM]20[57][05]|A10|A16|A2|A30|L2|[PRV]100|V80|GTX ?\d{3,4})"
_RTX = (
    r"(?:(?:RTX|GTX|RTX PRO|GT|Titan RTX)[ -]?(?:PRO )?A?\d{3,4}(?:[ -]?(?:Ti|SUPER|Super|Laptop|Mobile|Max-Q|Ada(?: Generation| Lovelace)?"
    r"|Blackwell|D|M))*)"
)
_TITAN = r"(?:(?:TITAN|Titan)[ -]?(?:Xp|X|V|RTX|Black|Z)\b(?: \(?(?:Pascal|Maxwell)\)?)?)"
_JETSON = r"(?:AGX|Orin|Xavier|Nano|nano|NX|TX[12]|Tx[12]|TK1|TX2i|Thor|Tegra|Super|[KX][12]|T\d{3,4})"

# (pattern, may it stand alone). One line a product line; `{V}` is its vendor, which may always be left out.
_LINES: tuple[str, ...] = (
    rf"(?:{_NVIDIA} )?(?:Jetson|JETSON)(?:[ -]{_JETSON})*",
    (
        rf"(?:{_NVIDIA} )(?:AGX |Drive |DRIVE )?(?:Orin|Xavier|Thor)(?:[ -](?:AGX|NX|Nano))*|AGX (?:Orin|Xavier|Thor)|Orin (?:Nano(?: Super)?|NX"
        r"|AGX)|Xavier (?:NX|AGX)"
    ),
    rf"(?:{_NVIDIA} )?(?:DGX|HGX)[ -](?:Spark|Station|SuperPOD|{_CLEAR_NVIDIA}|[12]\b)",
    rf"(?:{_NVIDIA} )?(?:{_GEN} )?(?:GeForce |Quadro |TITAN |Titan )?{_RTX}",
    rf"(?:{_NVIDIA} )?(?:GeForce |GTX )?{_TITAN}",
    rf"(?:{_NVIDIA} )?(?:{_GEN} )?(?:Tesla|Quadro) (?:{_CLEAR_NVIDIA}|{_VAGUE_NVIDIA}|[A-Z]{{1,2}}\d{{2,4}})(?:-(?:SXM\d|PCIe))?",
    rf"{_NVIDIA} (?:{_GEN} )?(?:Tensor Core )?(?:{_CLEAR_NVIDIA}|{_VAGUE_NVIDIA}|[345]0[6-9]0(?: ?Ti)?)",
    rf"(?:Tesla |{_GEN} )?{_CLEAR_NVIDIA}",
    rf"{_NVIDIA} (?:BlueField(?:-\d)?|Grace(?: |-)Hopper(?: (?:Superchip|GH200))?|Grace|Vera Rubin)|Grace[ -]Hopper Superchip|BlueField-\d",
    rf"{_NVIDIA} {_GEN}(?= (?:{_MODIFIED} )?{_NOUN}s?\b)|{_GEN}(?= (?:[\w-]+ )?GPUs?\b)",
    r"(?:AMD )?(?:Radeon )?(?:Instinct )?MI\d{2,3}[XxAa]?\b|(?:AMD )?Radeon (?:RX |Pro |PRO |VII|R\d )?(?:[A-Z]*\d{3,4}(?: ?XTX?)?|VII)",
    r"(?:AMD )?(?:EPYC|Epyc|Threadripper)(?: \d{4}\w*)?|(?:AMD )?Ryzen(?: AI)?(?: Max\+?)?(?: \d(?: \d{3,4}\w*)?| \d{3,4}\w*)?",
    (
        r"(?:AMD |Xilinx |AMD[-/]Xilinx |Alevo )?(?:Alveo|Alevo|Versal|Zynq(?:[ -](?:UltraScale\+?|7000))?|Virtex(?:[ -](?:UltraScale\+?|\d))?"
        r"|Kintex(?:[ -](?:UltraScale\+?|\d))?|Artix(?:-7)?|Kria|Spartan-\d|PYNQ(?:-Z\d)?)"
        r"(?: (?:U\d{2,3}[CN]?|VCK\d+|ZCU\d+|KV260|VU\d+P|XC\w+|AI Engine|ACAP|MPSoC|Z\d))?|(?:Xilinx |AMD )?(?:ZCU\d{3}|VCK\d{3,4}|VCU\d{3,4}"
        r"|KV260|KCU\d+|VC707|VC709|U(?:50|55C|200|250|280)(?= )|XCKU\d+|XC7\w+)|Xilinx DPU"
    ),
    r"(?:Intel |Altera |Intel[- ]Altera )?(?:Stratix|Arria|Agilex|Cyclone)[- ](?:10|V|IV|7|5)(?: (?:GX|MX|NX|SoC))*",
    (
        r"(?:Google )?(?:Cloud )?TPU[ -]?v\d[a-z]?(?:-\d+)?(?: [Pp]ods?)?|TPUv\d[a-z]?|TPU7x|(?:Google(?:['’]s)? )(?:Edge |Cloud )?TPU|(?:Coral "
        r"|Google )?Edge TPU|Cloud TPU|(?:Google )Coral(?: (?:USB Accelerator|Dev Board|USB))?|Coral (?:USB Accelerator|Dev Board)"
    ),
    r"(?:Google )?Tensor Processing Units?|(?:Google )?Pixel \d{1,2}(?: ?(?:Pro|XL|a))*",
    (
        r"Apple (?:M\d|A\d{2})(?: ?(?:Pro|Max|Ultra|Bionic))?|Apple(?:['’]s)? [Ss]ilicon|Apple(?:['’]s)? Neural Engine|Apple Vision Pro"
        r"|M\d (?:Max|Ultra|Pro)|M[1-9](?= (?:chip|SoC|processor|MacBook|Mac|GPU|CPU|laptop|silicon)s?\b)"
    ),
    (
        r"(?:Apple )?(?:MacBook(?: (?:Pro|Air))?(?: M\d(?: (?:Pro|Max))?)?|Mac (?:Studio|[Mm]ini|Pro)|iPhone(?: ?\d{1,2}| X[RS]?)?(?: (?:Pro|Max"
        r"|Plus|mini))*|iPad(?: (?:Pro|Air))?|Apple Watch)"
    ),
    (
        r"(?:Huawei(?:['’]s)? )?(?:Ascend|Atlas)(?: (?:910[A-D]?\d?|310[A-Z]?\d?|950\w*|\d{3}[A-Z]\d?|[AD]\d|800[TI]? A2|[39]00))"
        r"|(?:Huawei(?:['’]s)? )?Ascend(?=(?: [\w-]+){0,2} (?:NPU|processor|chip|accelerator|device|cluster|hardware|platform|card|server"
        r"|neural)s?\b)|Huawei Ascend|Huawei \d{3}[A-C]|910[BC]\b"
    ),
    r"(?:Huawei )?Kunpeng(?:[ -]\d{3})?|(?:HiSilicon )?Kirin \d{3,4}\w?|Huawei (?:Nova|Mate|P)\s?\d{1,2}(?: Pro)?",
    (
        r"(?:Intel )?Xeon(?:\(R\))?(?: (?:Phi|Gold|Platinum|Silver|Bronze|Max|CPU Max|Scalable|E\d|W|D"
        r"|\d)\b)*(?:[- ](?:E\d-)?\d{4}\w*(?: ?v\d)?)?|(?:Intel )?Core(?:\(TM\))?[- ](?:i\d(?:[- ]\d{3,5}\w*)?|Ultra(?: \d(?: \d{3}\w?)?)?)\b"
    ),
    (
        r"(?:Intel )?(?:Habana )?Gaudi[ -]?\d?\b|Intel (?:Arc(?: [AB]\d+\w?)?|Data Center GPU Max(?: \d+)?|Ponte Vecchio|NUC\w*|Sapphire Rapids"
        r"|Haswell|Skylake|Movidius|NCS2|Lunar Lake|Meteor Lake)|(?:Intel )?Loihi(?:[ -]?2)?\b"
    ),
    r"(?:Intel )?(?:Movidius )?(?:Neural Compute Stick(?: 2)?|Myriad[ -](?:X|2))|(?:Intel )?NCS2\b",
    (
        r"(?:Graphcore )(?:Bow |Mk2 |Colossus )?IPUs?(?:-POD\d+|-M2000)?|Bow IPU|IPU-POD\d+|(?:Cerebras )?(?:CS-[123]|WSE-?[123])\b"
        r"|Cerebras(?: (?:Wafer[- ]Scale Engine|wafer[- ]scale (?:system|engine)s?|systems?|hardware))|Wafer[- ]Scale Engine"
    ),
    (
        r"Groq(?: ?Chip| LPUs?)|SambaNova(?: SN\d+L?| RDU| DataScale)?|SN40L|(?:Tenstorrent )(?:Wormhole|Grayskull|Blackhole)(?: n\d+)?"
        r"|Tenstorrent|(?:AWS |Amazon )?(?:Trainium|Inferentia)[ -]?\d?\b"
    ),
    r"(?:Cambricon )MLU\d*\w*|(?:Moore Threads )MTT S\d+|Hygon DCU|Biren BR\d+|Iluvatar (?:BI-?V?\d+|CoreX)|MetaX C\d+|Sunway(?: (?:TaihuLight|SW\d+\w*))?",
    (
        r"(?:Qualcomm(?:['’]s)? )?Snapdragon(?: (?:\d(?:\w? ?\+?)? Gen ?\d|8 Elite|X (?:Elite|Plus)|\d{3}G?|XR2|Ride))?"
        r"|(?:Qualcomm )?Hexagon(?: (?:NPU|DSP|HTP|tensor processor))|(?:Qualcomm )?Cloud AI 100|(?:Qualcomm )?Adreno(?: \d{3})?(?= GPU|\b)"
        r"|Qualcomm (?:QCS\d+|NPU|SA\d+\w?|RB\d)"
    ),
    (
        r"(?:ARM |Arm )?Mali(?:-[GT]\d+\w*)?(?= GPU|\b)|(?:MediaTek )?Dimensity(?: \d{3,4}\+?)?|MediaTek \w+\d+|(?:Samsung )?Exynos(?: \d{3,4})?"
        r"|(?:Samsung )?Galaxy (?:S|Note|A|Tab S|Z Fold)\d{1,2}(?: ?(?:Ultra|\+|Plus|FE))?|(?:Xiaomi|OnePlus|Redmi|OPPO"
        r"|vivo) (?:Mi )?\d{1,2}(?: (?:Pro|Ultra))?"
    ),
    (
        r"(?:Raspberry|raspberry) [Pp]is?(?: (?:Zero(?: 2)?(?: W)?|Pico|Compute Module|\d))?(?: ?(?:Model )?[AB]\+?\b)?|RPi ?\d\w?|RPI\d"
        r"|Arduino(?: (?:Nano(?: 33 BLE(?: Sense)?)?|Uno|Due|Mega|Portenta))?|ESP32(?:-\w+)?|STM32\w*|nRF52\d+|BeagleBone(?: \w+)?"
        r"|Odroid(?:[- ]\w+)?|ODROID(?:[- ]\w+)?"
    ),
    (
        r"(?:ARM |Arm )?Cortex-[AMRX]\d+\w*|(?:Rockchip )RK\d+\w*|RK35\d\d|Hailo-?\d+\w?|Kendryte K210|(?:GreenWaves )GAP[89]\b|MAX780\d\d"
        r"|Sipeed Maix\w*|Texas Instruments TDA\w+|Meta Quest(?: ?\d)?(?: Pro)?|HoloLens(?: 2)?|Google Glass"
    ),
    r"(?:TrueNorth|SpiNNaker(?:[- ]?2)?|BrainScaleS(?:-2)?|Akida|DYNAP-SE\d?)(?= |\b)",
    (
        rf"(?:{_NVIDIA}|AMD|Intel|Apple|ARM|Arm|Xilinx|Huawei|Qualcomm|Graphcore|Google)(?: (?:integrated|consumer|server|desktop|multicore"
        rf"|many-core|x86))?(?= (?:{_MODIFIED} )?(?:GPU|CPU|NPU|TPU|DPU|IPU|FPGA|SoC)s?\b)"
    ),
)
_LINE_STARTS = (
    r"91|A[14568GMRWdgklmprst]|B[123eilor]|C[Saeloy]|D[GYi]|E[PSdpx]|Fe|G[BHTaeor]|H[128Gaeiouy]|I(?:P|n[fst])|J[Ee]|K[8CVeiru]|L[4o]|M[0-9AIaeoy]|N[CVev]"
    r"|O[DPdnr]|P[1Yai]|Qu|R[12KPTaeouy]|S[NTainptu]|T(?:hr|[IPeiru])|U[25]|V[1Ceio]|W[Sa]|X[Caei]|Z[Cy]|iP|n[RVv]|ra|vi"
)
"""What a product line begins with: most capitalised words, The, We and LLM among them, do not."""
_GENERIC = (
    r"(?:(?:[Cc]onsumer(?:-(?:grade|level))?|[Cc]ommodity|[Ee]mbedded|[Ee]dge|[Mm]obile|[Ii]ntegrated|[Dd]esktop|[Gg]aming|[Ll]aptop"
    r"|[Ss]erver(?:-grade)?|[Mm]any-core|[Mm]ulti-?core|x86|RISC-V) )?"
    r"\b(?:GPU|CPU|TPU|NPU|DPU|LPU|FPGA|SmartNIC|MCU)(?:['’]?s)?(?: (?:clusters?|servers?|pods?))?\b",
    r"\b(?:ASICs?|IPUs|SoCs|DSPs|LPUs)\b",
    r"\b(?:[Mm]obile|[Ss]mart|[Aa]ndroid|[Cc]ell) ?phones?\b|\b[Ss]martphones?\b|\b[Ss]mart ?watch(?:es)?\b|\b[Ss]mart glasses\b",
    (
        r"\b(?:[Ee]dge(?: computing| AI)?|[Ee]nd-side|[Ee]nd-user|[Mm]obile|[Ee]mbedded|IoT|[Ww]earable|[Cc]onsumer(?:-grade)?"
        r"|[Rr]esource-constrained|[Ll]ow-power|[Ll]ow-end|[Tt]erminal|AIoT|[Uu]ltra-low-power|AR|VR|XR)(?:[ ,](?:edge|mobile|embedded"
        r"|IoT))? (?:devices?|platforms?|hardware|processors?|computers?|GPUs?)\b"
    ),
    (
        r"\b[Ee]nd devices\b|\b(?:[Ee]dge|AI|[Nn]eural|[Dd]eep learning|DNN|CNN|[Tt]ransformer|LLM|ML|[Hh]ardware) accelerators?\b"
        r"|\b[Mm]icrocontrollers?(?: units?)?\b|\b(?:[Cc]onsumer|[Gg]aming|[Cc]ommodity)(?:-grade)? laptops?\b|\b[Ll]aptops?\b"
    ),
    (
        r"\b[Ss]upercomputers?\b|\b[Nn]euromorphic (?:hardware|chips?|processors?)\b|\b(?:[Ss]ystolic arrays?|[Mm]emristor crossbars?"
        r"|[Vv]ector processors?)\b|\b[Qq]uantum (?:processors?|hardware|annealers?)\b|\b[Cc]ommodity hardware\b|\b[Ss]ingle-board computers?\b"
    ),
)
_CLASS_INITIALS = "ACDEFGHILMNQRSTUVWXacdeghilmnqrstuvwx"  # what a class, or what may stand before it, begins with
_CLASS_WORDS = (
    "PU FPGA SmartNIC MCU ASIC SoCs DSPs phone watch glasses device platform hardware processor computer accelerator icrocontroller aptop array crossbar annealer"
).split()
"""Every name of a class has one of these in it."""
_TAIL = rf"(?:(?:s\b)?{_EXTRA}(?:s\b)?(?: \(?\d{{1,3}} ?GB\)?)?(?: (?:{_MODIFIED} )?{_NOUN}s?\b(?: (?:servers?|clusters?|nodes?|device))?)?)"
_NOT_AFTER = re.compile(
    r"(?i)[ -](?:highway|motorway|autobahn|freeway|road|route|roads|gene|protein|receptor|fabric|filament|material|macrophages?|polarization"
    r"|receptors|timer|norm|fighter|tank|rifle|star|galaxy|visa)\b"
)
_VAGUE = re.compile(
    rf"(?<![\w./-])(?:NVIDIA |Nvidia )?{_VAGUE_NVIDIA}(?:(?:s\b)?{_EXTRA} (?:{_MODIFIED} )?(?:GPU|card|accelerator|server|node|instance)s?\b"
    rf"|{_MEMORY}|-(?:GPU|SXM\d?))"
)
_COUNTED_VAGUE = re.compile(
    r"(?:\b\d+ ?[x×X*] ?|\b(?:single|one|two|four|eight) )(?P<name>(?:T4|P4|L4|L40|A10|A16|A30|A40|P40|M40|K40|H20|K80|L20)s?)(?![\w.-])"
)
_VAGUE_FORM = re.compile(r"[TKPMLHACRVX] ?\d")  # what all vague designations have
_BARE_CARD = re.compile(r"[2345]0[6-9]0(?<![\w.,/-]....)(?: ?Ti)?s?(?= GPUs?\b| cards?\b)(?: GPUs?| cards?)?")
_CLEAN = re.compile(
    rf"(?: \(?\d{{1,3}} ?GB\)?)?(?: (?:{_MODIFIED} )?{_NOUN}s?(?: (?:servers?|clusters?|nodes?|device))?)+$|{_MEMORY}(?=$|[ -])|{_BUS}(?=$|[ -])"
)
_SPELLING = ((re.compile(rf"^{_NVIDIA}(?= |$)"), "NVIDIA"), (re.compile(r"['’]s(?= )"), ""), (re.compile(r"\s+"), " "))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The product lines with their tail, and the device classes; compiled on first use (about 10 ms)."""
    # the looks ahead are the cheap tests that most places fail
    lines = re.compile(rf"(?<![\w./])(?=[A-Z9inrv])(?<!(?<=\w)-)(?={_LINE_STARTS})(?:{'|'.join(_LINES)}){_TAIL}")
    return lines, re.compile(rf"(?<!\w)(?=[{_CLASS_INITIALS}])(?:{'|'.join(f'(?:{pattern})' for pattern in _GENERIC)})")


_CLASS_PLURAL = re.compile(r"(?<=[a-zA-Z])['’]?s$|(?<=watch)es$")
_CLASS_TAIL = re.compile(r" (?:clusters?|servers?|pods?)$")
_VENDOR_ALONE = re.compile(
    rf"{_NVIDIA}|AMD|Intel|Apple|ARM|Arm|Xilinx|Huawei|Qualcomm|Graphcore|Google(?:['’]s)?|(?:{_NVIDIA} )?{_GEN}|Google(?:['’]s)? (?:Cloud|Edge)|Cloud|Edge"
)
_UNCHANGED = ("ss", "Graphics", "BrainScaleS", "glasses", "Rapids", "Texas Instruments", "Plus", "HoloLens", "Movidius", "Google Glass")


def _canonical(span: str, generic: bool) -> str:
    """`NVIDIA A100-80GB GPUs` as `NVIDIA A100`: without memory, bus, class noun and plural; of a class only the plural goes."""
    if generic:
        return _CLASS_PLURAL.sub("", _CLASS_TAIL.sub("", span)) if not span.endswith(_UNCHANGED) else span
    name = span
    while (shorter := _CLEAN.sub("", name).strip(" -")) != name and shorter:
        name = shorter
    if _VENDOR_ALONE.fullmatch(name):  # `NVIDIA GPUs`: a vendor alone names no device, so the class stays
        name = _CLASS_PLURAL.sub("", _CLASS_TAIL.sub("", re.sub(_MEMORY, "", span)).strip())
    for pattern, spelling in _SPELLING:
        name = pattern.sub(spelling, name)
    return name if name.endswith(_UNCHANGED) else re.sub(r"(?<=[\w)])(?:['’]s|(?<![A-Z]\d\dL)s)$", "", name)


def find_devices(text: str) -> list[tuple[int, int, str]]:
    """The devices named in `text`: `(start, end, canonical name)`, ends exclusive, in order, without overlap.

    The span takes in the class noun and a memory size within the name (`A100-80GB GPUs`), the canonical name does not; counts
    and a memory size before the name belong to neither.

    >>> find_devices("trained on 8 NVIDIA A100-80GB GPUs and a phone with Snapdragon 8 Gen 3")
    [(13, 34, 'NVIDIA A100'), (52, 70, 'Snapdragon 8 Gen 3')]
    """
    lines, classes = _patterns()
    found: list[tuple[int, int, str]] = []
    vague = (_VAGUE, _COUNTED_VAGUE) if _VAGUE_FORM.search(text) else ()
    for pattern in (lines, *vague, _BARE_CARD, *([classes] if any(word in text for word in _CLASS_WORDS) else ())):
        for match in pattern.finditer(text):
            group = "name" if "name" in match.re.groupindex else 0
            start, end = match.span(group)
            while end > start and text[end - 1] in " -(":
                end -= 1
            if text[start:end].count("(") > text[start:end].count(")"):
                end = text.rindex("(", start, end)
                end -= text[end - 1] == " "
            end -= text[end - 1] == ")" and "(" not in text[start:end]
            if _NOT_AFTER.match(text, end) or (end < len(text) and text[end].isalnum()) or any(s < end and start < e for s, e, _ in found):
                continue
            if _is_inside_name(text, start, end, pattern is classes):
                continue
            found.append((start, end, _canonical(text[start:end], pattern is classes)))
    return sorted(found)


def _is_inside_name(text: str, start: int, end: int, generic: bool) -> bool:
    """`PIM-GPU-X` or `mT5-A100-v2` name other things: a device name bordered by a hyphen and another capital or digit."""
    after = text[end : end + 2]
    if len(after) == 2 and after[0] == "-" and (after[1].isdigit() or (after[1].isupper() and not generic)):
        return True
    return start > 1 and text[start - 1] == "-" and text[start - 2].isdigit() and generic
