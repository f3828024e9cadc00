using System.Buffers;

namespace Xmpp.Xml;

/// <summary>
/// What a stanza's children use of the namespaces declared around them, in the stanza's tag or the stream's header, and
/// the stanza with those declarations written into the children (laws, "Bytes and lifetimes"). No other byte changes, so
/// that prefixes inside values keep their meaning.
/// </summary>
internal sealed class XmlBorrowed
{
    private readonly List<Loan> _loans = [];

    /// <summary>A prefix (its place where it is used first) for the child whose name ends at <see cref="At"/>.</summary>
    private readonly record struct Loan(int At, int PrefixStart, int PrefixLength, string Uri);

    public bool Any => _loans.Count > 0;

    public void Clear() => _loans.Clear();

    /// <param name="at">Where the name in the child's start tag ends.</param>
    public void Note(byte[] bytes, int at, int prefixStart, int prefixLength, string uri)
    {
        ReadOnlySpan<byte> prefix = bytes.AsSpan(prefixStart, prefixLength);
        for (int i = _loans.Count - 1; i >= 0 && _loans[i].At == at; i--)
            if (prefix.SequenceEqual(bytes.AsSpan(_loans[i].PrefixStart, _loans[i].PrefixLength)))
                return;
        _loans.Add(new(at, prefixStart, prefixLength, uri));
    }

    /// <exception cref="StreamErrorException">The result is bigger than <paramref name="most"/> bytes.</exception>
    public byte[] Repay(ReadOnlySpan<byte> bytes, int most)
    {
        var output = new ArrayBufferWriter<byte>(bytes.Length + 256);
        int done = 0;
        foreach (Loan loan in _loans)
        {
            output.Write(bytes[done..loan.At]);
            done = loan.At;
            output.Write(loan.PrefixLength == 0 ? " xmlns"u8 : " xmlns:"u8);
            output.Write(bytes.Slice(loan.PrefixStart, loan.PrefixLength));
            output.Write("='"u8);
            XmlText.WriteAttribute(output, loan.Uri);
            output.Write("'"u8);
            if (output.WrittenCount + bytes.Length - done > most)
                throw XmlFault.Policy("stanza too big with its namespaces");
        }
        output.Write(bytes[done..]);
        return output.WrittenSpan.ToArray();
    }
}
