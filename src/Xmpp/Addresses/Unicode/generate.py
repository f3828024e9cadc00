#!/usr/bin/env python3
"""Writes UnicodeTables.g.cs from the Unicode Character Database of Debian's package unicode-data.

    python3 generate.py [/usr/share/unicode]

Everything is derived from the files alone, never from the Unicode version inside Python.
"""

import sys
from pathlib import Path

UCD = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
OUT = Path(__file__).with_name("UnicodeTables.g.cs")
COUNT = 0x110000

# The order is that of the enums in CodePoint.cs.
PERMISSIONS = ["UNASSIGNED", "DISALLOWED", "PVALID", "FREE_PVAL", "CONTEXTJ", "CONTEXTO"]
BIDI = ["L", "R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"]
JOINING = ["U", "L", "R", "D", "T", "C"]
SCRIPTS = ["", "Greek", "Hebrew", "Hiragana", "Katakana", "Han"]


# --- Reading -------------------------------------------------------------------------------------------------


def rows(name):
    for line in (UCD / name).read_text(encoding="utf-8").splitlines():
        line = line.split("#", 1)[0].strip()
        if line:
            yield [field.strip() for field in line.split(";")]


def span(field):
    first, _, last = field.partition("..")
    return range(int(first, 16), int(last or first, 16) + 1)


def code_points(field):
    return tuple(int(x, 16) for x in field.split())


def members(name, value):
    return {cp for row in rows(name) if row[1] == value for cp in span(row[0])}


def valued(name, default):
    values = [default] * COUNT
    for row in rows(name):
        for cp in span(row[0]):
            values[cp] = row[1]
    return values


VERSION = (UCD / "Scripts.txt").read_text(encoding="utf-8").split("\n", 1)[0].split("-")[1].removesuffix(".txt")
CATEGORY = valued("extracted/DerivedGeneralCategory.txt", "Cn")
BIDI_CLASS = valued("extracted/DerivedBidiClass.txt", "L")
JOINING_TYPE = valued("extracted/DerivedJoiningType.txt", "U")
SCRIPT = valued("Scripts.txt", "Zzzz")
COMBINING = [int(x) for x in valued("extracted/DerivedCombiningClass.txt", "0")]
HANGUL = valued("HangulSyllableType.txt", "NA")

DECOMPOSITION = {}  # code point -> (is_compatibility, code points)
LOWER = {}
for line in (UCD / "UnicodeData.txt").read_text(encoding="utf-8").splitlines():
    fields = line.split(";")
    cp = int(fields[0], 16)
    if fields[5]:
        tag, _, rest = fields[5].rpartition("> ") if fields[5].startswith("<") else ("", "", fields[5])
        DECOMPOSITION[cp] = (bool(tag), code_points(rest))
    if fields[13]:
        LOWER[cp] = int(fields[13], 16)

# CodePoint.Width takes a one-to-one decomposition in this block as the width mapping.
for cp in range(0xFF00, 0xFFF0):
    assert cp not in DECOMPOSITION or len(DECOMPOSITION[cp][1]) == 1
assert DECOMPOSITION[0x3000] == (True, (0x20,))

NOT_COMPOSED = members("DerivedNormalizationProps.txt", "Full_Composition_Exclusion")
COMPOSITION = {d: cp for cp, (compat, d) in DECOMPOSITION.items() if not compat and cp not in NOT_COMPOSED}
assert all(len(pair) == 2 for pair in COMPOSITION)

QUICK = {}
for row in rows("DerivedNormalizationProps.txt"):
    if row[1] in ("NFC_QC", "NFKC_QC"):
        for cp in span(row[0]):
            QUICK[row[1], cp] = "YNM".index(row[2])

FOLD = {int(r[0], 16): code_points(r[2]) for r in rows("CaseFolding.txt") if r[1] in "CF"}
CASED = members("DerivedCoreProperties.txt", "Cased")
CASE_IGNORABLE = members("DerivedCoreProperties.txt", "Case_Ignorable")
DEFAULT_IGNORABLE = members("DerivedCoreProperties.txt", "Default_Ignorable_Code_Point")
NONCHARACTER = members("PropList.txt", "Noncharacter_Code_Point")
JOIN_CONTROL = members("PropList.txt", "Join_Control")
WHITE_SPACE = members("PropList.txt", "White_Space")

# CaseMapping.cs knows these two by itself.
special = {int(r[0], 16) for r in rows("SpecialCasing.txt") if len(r) == 5 and code_points(r[1]) != (LOWER.get(int(r[0], 16), int(r[0], 16)),)}
assert special == {0x130}, special


# --- NFKC, as far as the derived properties below need it ----------------------------------------------------


def decompose(cp):
    if 0xAC00 <= cp < 0xAC00 + 11172:
        lv, t = divmod(cp - 0xAC00, 28)
        l, v = divmod(lv, 21)
        return [0x1100 + l, 0x1161 + v] + ([0x11A7 + t] if t else [])
    if cp in DECOMPOSITION:
        return [x for d in DECOMPOSITION[cp][1] for x in decompose(d)]
    return [cp]


def compose_pair(a, b):
    if 0x1100 <= a < 0x1113 and 0x1161 <= b < 0x1176:
        return 0xAC00 + ((a - 0x1100) * 21 + b - 0x1161) * 28
    if 0xAC00 <= a < 0xAC00 + 11172 and (a - 0xAC00) % 28 == 0 and 0x11A7 < b < 0x11C3:
        return a + b - 0x11A7
    return COMPOSITION.get((a, b))


def nfkc(text):
    points = [x for cp in text for x in decompose(cp)]
    start = 0
    while start < len(points):
        end = start + 1
        while end < len(points) and COMBINING[points[end]]:
            end += 1
        first = start if COMBINING[points[start]] else start + 1
        points[first:end] = sorted(points[first:end], key=lambda cp: COMBINING[cp])
        start = end
    result, starter, last = [], -1, 0
    for cp in points:
        ccc = COMBINING[cp]
        if starter >= 0 and (last < ccc or last == 0 and starter == len(result) - 1):
            composed = compose_pair(result[starter], cp)
            if composed is not None:
                result[starter] = composed
                continue
        if ccc == 0:
            starter = len(result)
        last = ccc
        result.append(cp)
    return tuple(result)


def fold(text):
    return tuple(x for cp in text for x in FOLD.get(cp, (cp,)))


# --- Derived properties --------------------------------------------------------------------------------------

# RFC 5892 §2.6 and RFC 8264 §9.6, the same list.
EXCEPTIONS = dict.fromkeys([0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007], "PVALID")
EXCEPTIONS |= dict.fromkeys([0xB7, 0x375, 0x5F3, 0x5F4, 0x30FB, *range(0x660, 0x66A), *range(0x6F0, 0x6FA)], "CONTEXTO")
EXCEPTIONS |= dict.fromkeys([0x640, 0x7FA, 0x302E, 0x302F, *range(0x3031, 0x3036), 0x303B], "DISALLOWED")

LETTER_DIGITS = {"Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc"}
FREE = {"Lt", "Nl", "No", "Me", "Zs", "Sm", "Sc", "Sk", "So", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"}
# RFC 5892 §2.4
IGNORABLE_BLOCKS = {*range(0x20D0, 0x2100), *range(0x1D100, 0x1D200), *range(0x1D200, 0x1D250)}


def start_of_both(cp):
    if cp in EXCEPTIONS:
        return EXCEPTIONS[cp]
    if CATEGORY[cp] == "Cn" and cp not in NONCHARACTER:
        return "UNASSIGNED"
    return None


def precis(cp):
    """RFC 8264 §8"""
    early = start_of_both(cp)
    if early:
        return early
    if 0x21 <= cp <= 0x7E:
        return "PVALID"
    if cp in JOIN_CONTROL:
        return "CONTEXTJ"
    if HANGUL[cp] in ("L", "V", "T") or cp in DEFAULT_IGNORABLE or cp in NONCHARACTER or CATEGORY[cp] == "Cc":
        return "DISALLOWED"
    if nfkc((cp,)) != (cp,):
        return "FREE_PVAL"
    if CATEGORY[cp] in LETTER_DIGITS:
        return "PVALID"
    return "FREE_PVAL" if CATEGORY[cp] in FREE else "DISALLOWED"


def idna(cp):
    """RFC 5892 §3"""
    early = start_of_both(cp)
    if early:
        return early
    if cp == 0x2D or 0x30 <= cp <= 0x39 or 0x61 <= cp <= 0x7A:
        return "PVALID"
    if cp in JOIN_CONTROL:
        return "CONTEXTJ"
    if HANGUL[cp] in ("L", "V", "T") or nfkc(fold(nfkc((cp,)))) != (cp,):
        return "DISALLOWED"
    if cp in DEFAULT_IGNORABLE or cp in WHITE_SPACE or cp in NONCHARACTER or cp in IGNORABLE_BLOCKS:
        return "DISALLOWED"
    return "PVALID" if CATEGORY[cp] in LETTER_DIGITS else "DISALLOWED"


def record(cp):
    bidi = BIDI.index(BIDI_CLASS[cp]) if BIDI_CLASS[cp] in BIDI else len(BIDI)
    script = SCRIPTS.index(SCRIPT[cp]) if SCRIPT[cp] in SCRIPTS else 0
    value = PERMISSIONS.index(precis(cp))
    value |= PERMISSIONS.index(idna(cp)) << 3
    value |= bidi << 6
    value |= JOINING.index(JOINING_TYPE[cp]) << 10
    value |= script << 13
    value |= (cp in CASED) << 16
    value |= (cp in CASE_IGNORABLE) << 17
    value |= (CATEGORY[cp][0] == "M") << 18
    value |= (CATEGORY[cp] == "Zs") << 19
    value |= QUICK.get(("NFC_QC", cp), 0) << 20
    value |= (QUICK.get(("NFKC_QC", cp), 0) != 0) << 22
    value |= (cp in DECOMPOSITION or HANGUL[cp] in ("LV", "LVT")) << 23
    value |= COMBINING[cp] << 24
    return value


# --- Packing -------------------------------------------------------------------------------------------------


def staged(values, shift):
    """Cuts into blocks of 2^shift, keeps each block once: (block of each slot, the blocks one after another)."""
    size, seen, index, blocks = 1 << shift, {}, [], []
    for start in range(0, len(values), size):
        block = tuple(values[start : start + size])
        block += (0,) * (size - len(block))
        if block not in seen:
            seen[block] = len(seen)
            blocks.extend(block)
        index.append(seen[block])
    return index, blocks


def bytes_of(values):
    return len(values) * (1 if max(values) < 0x100 else 2)


def three_stages(values):
    best = None
    for low in range(3, 8):
        middle, leaves = staged(values, low)
        for high in range(2, 8):
            top, middles = staged(middle, high)
            size = bytes_of(top) + bytes_of(middles) + bytes_of(leaves)
            if best is None or size < best[0]:
                best = size, low, high, top, middles, leaves
    return best[1:]


def lower_runs():
    """Runs of code points a step of 1 or 2 apart whose lower case is equally far away."""
    runs = []
    for cp in sorted(LOWER):
        delta = LOWER[cp] - cp
        if runs and runs[-1][3] == delta:
            first, last, step, _ = runs[-1]
            if cp - last in (1, 2) and (first == last or cp - last == step):
                runs[-1] = (first, cp, cp - last, delta)
                continue
        runs.append((cp, cp, 1, delta))
    return runs


def utf16(text):
    return list(memoryview("".join(map(chr, text)).encode("utf-16-le")).cast("H"))


def decomposition_text():
    """Each decomposition in UTF-16, inside one long text; long ones first, so that short ones are found in them."""
    text, offsets = "", {}
    for cp, (_, mapped) in sorted(DECOMPOSITION.items(), key=lambda item: (-len(item[1][1]), item[0])):
        units = "".join(map(chr, utf16(mapped)))
        at = text.find(units)
        if at < 0:
            at = len(text)
            text += units
        offsets[cp] = (at, len(units))
    return [ord(c) for c in text], offsets


# --- Writing -------------------------------------------------------------------------------------------------

total = 0


def table(kind, name, summary, values):
    global total
    total += len(values) * {"byte": 1, "ushort": 2, "uint": 4, "int": 4, "ulong": 8}[kind]
    lines, line = [], ""
    for value in values:
        word = f"{value},"
        if len(line) + len(word) > 110:
            lines.append(line)
            line = ""
        line += word
    lines.append(line)
    body = "\n".join("        " + line for line in lines)
    return f"    /// <summary>{summary}</summary>\n    internal static ReadOnlySpan<{kind}> {name} =>\n    [\n{body}\n    ];\n"


def narrow(values):
    return "byte" if max(values) < 0x100 else "ushort"


def main():
    values = [record(cp) for cp in range(COUNT)]
    records = sorted(set(values))
    number = {value: i for i, value in enumerate(records)}
    low, high, top, middles, leaves = three_stages([number[value] for value in values])

    text, offsets = decomposition_text()
    assert len(text) < 0x10000
    keys = sorted(DECOMPOSITION)
    runs = lower_runs()
    pairs = sorted((a << 42) | (b << 21) | cp for (a, b), cp in COMPOSITION.items())

    parts = [
        table(narrow(top), "Top", "First stage: the middle block of each slot.", top),
        table(narrow(middles), "Middle", "Second stage: the leaf block of each slot.", middles),
        table(narrow(leaves), "Leaves", "Third stage: the record of each code point.", leaves),
        table("uint", "Records", "The distinct sets of properties, packed as CodePoint.cs reads them.", records),
        table("uint", "Decomposed", "Code points with a mapping: code point, compatibility at bit 21, length from bit 22.",
              [cp | DECOMPOSITION[cp][0] << 21 | offsets[cp][1] << 22 for cp in keys]),
        table("ushort", "DecomposedAt", "Where the mapping of each of them starts.", [offsets[cp][0] for cp in keys]),
        table("ushort", "DecompositionText", "The mappings in UTF-16, one level deep.", text),
        table("ulong", "Compositions", "Pairs and what they make: 21 bits for each of the three.", pairs),
        table("int", "LowerRuns", "Runs with a lower case: first, last, step, distance.", [x for run in runs for x in run]),
    ]
    OUT.write_text(
        "// <auto-generated>\n"
        f"// By generate.py from the Unicode Character Database {VERSION}, © Unicode, Inc., under the Unicode licence\n"
        "// (https://www.unicode.org/license.txt). Do not edit.\n"
        "// </auto-generated>\n"
        "namespace Xmpp.Addresses.Unicode;\n\n"
        "internal static class UnicodeTables\n{\n"
        f'    internal const string Version = "{VERSION}";\n'
        f"    internal const int LowBits = {low};\n"
        f"    internal const int MiddleBits = {high};\n\n" + "\n".join(parts) + "}\n",
        encoding="utf-8",
    )
    print(f"Unicode {VERSION}: {len(records)} records, {len(keys)} decompositions, {len(pairs)} pairs, {len(runs)} runs, {total} bytes")


if __name__ == "__main__":
    main()
