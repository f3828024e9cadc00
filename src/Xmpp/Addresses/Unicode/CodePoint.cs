namespace Xmpp.Addresses.Unicode;

/// <summary>What PRECIS (RFC 8264 §8) or IDNA2008 (RFC 5892 §3) derives for a code point.</summary>
internal enum Permission
{
    Unassigned,
    Disallowed,
    Valid,

    /// <summary>PRECIS alone: in the FreeformClass, not in the IdentifierClass.</summary>
    ValidInFreeform,
    ContextJ,
    ContextO,
}

/// <summary>The bidirectional classes that RFC 5893 §2 tells apart.</summary>
internal enum BidiClass
{
    LeftToRight,
    RightToLeft,
    ArabicLetter,
    ArabicNumber,
    EuropeanNumber,
    EuropeanSeparator,
    CommonSeparator,
    EuropeanTerminator,
    OtherNeutral,
    BoundaryNeutral,
    NonspacingMark,
    Other,
}

internal enum JoiningType
{
    None,
    Left,
    Right,
    Dual,
    Transparent,
    Causing,
}

/// <summary>The scripts that a contextual rule asks for (RFC 5892 appendix A).</summary>
internal enum Script
{
    Other,
    Greek,
    Hebrew,
    Hiragana,
    Katakana,
    Han,
}

internal enum QuickCheck
{
    Yes,
    No,
    Maybe,
}

/// <summary>The properties of one code point, as generate.py packs them (Unicode Character Database).</summary>
internal readonly struct CodePoint
{
    private readonly uint _record;

    private CodePoint(uint record) => _record = record;

    internal Permission Precis => (Permission)(_record & 7);

    internal Permission Idna => (Permission)((_record >> 3) & 7);

    internal BidiClass Bidi => (BidiClass)((_record >> 6) & 15);

    internal JoiningType Joining => (JoiningType)((_record >> 10) & 7);

    internal Script Script => (Script)((_record >> 13) & 7);

    internal bool IsCased => (_record & (1u << 16)) != 0;

    internal bool IsCaseIgnorable => (_record & (1u << 17)) != 0;

    /// <summary>General category M.</summary>
    internal bool IsMark => (_record & (1u << 18)) != 0;

    /// <summary>General category Zs.</summary>
    internal bool IsSpace => (_record & (1u << 19)) != 0;

    internal QuickCheck IsNfc => (QuickCheck)((_record >> 20) & 3);

    /// <summary>Whether NFKC_Quick_Check is anything but yes.</summary>
    internal bool MayChangeInNfkc => (_record & (1u << 22)) != 0;

    /// <summary>Whether there is a mapping of either kind, in the table or, for Hangul, computed.</summary>
    internal bool MayDecompose => (_record & (1u << 23)) != 0;

    internal int CombiningClass => (int)(_record >> 24);

    /// <summary>Whether the code point is a virama (Canonical_Combining_Class 9).</summary>
    internal bool IsVirama => CombiningClass == 9;

    internal static CodePoint Of(int value)
    {
        var middle =
            (UnicodeTables.Top[value >> (UnicodeTables.LowBits + UnicodeTables.MiddleBits)] << UnicodeTables.MiddleBits)
            | ((value >> UnicodeTables.LowBits) & ((1 << UnicodeTables.MiddleBits) - 1));
        var leaf =
            (UnicodeTables.Middle[middle] << UnicodeTables.LowBits) | (value & ((1 << UnicodeTables.LowBits) - 1));
        return new CodePoint(UnicodeTables.Records[UnicodeTables.Leaves[leaf]]);
    }
}
