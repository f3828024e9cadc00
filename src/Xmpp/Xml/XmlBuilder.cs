using System.Buffers;
using System.Globalization;
using System.Text;

namespace Xmpp.Xml;

/// <summary>
/// Writes elements as UTF-8; names are the caller's own words, never a peer's. Namespaces are declared where they change; nothing uses a prefix but <c>xml:lang</c>, so
/// that what is built is self-contained.
/// </summary>
public sealed class XmlBuilder
{
    private readonly ArrayBufferWriter<byte> _output;
    private readonly List<(string Name, string Namespace)> _open = new(8);
    private bool _inTag;

    /// <param name="around">The namespace that is the default around what is built; empty for none.</param>
    public XmlBuilder(string around = Ns.Client, int capacity = 256)
    {
        _output = new(capacity);
        Around = around;
    }

    /// <summary>The default namespace around the outermost element.</summary>
    public string Around { get; }

    private string Current => _open.Count > 0 ? _open[^1].Namespace : Around;

    /// <summary>Opens an element; <paramref name="ns"/> null for that of the element around it.</summary>
    public XmlBuilder Start(string name, string? ns = null)
    {
        EndTag();
        string outer = Current;
        ns ??= outer;
        _output.Write("<"u8);
        Raw(name);
        _open.Add((name, ns));
        _inTag = true;
        return ns == outer ? this : Attribute("xmlns", ns);
    }

    /// <summary>Adds an attribute; nothing for null.</summary>
    public XmlBuilder Attribute(string name, string? value)
    {
        if (value is null)
            return this;
        AttributeStart(name);
        XmlText.WriteAttribute(_output, value);
        _output.Write("'"u8);
        return this;
    }

    /// <inheritdoc cref="Attribute(string, string?)"/>
    public XmlBuilder Attribute(string name, Addresses.Jid? value)
    {
        if (value is null)
            return this;
        AttributeStart(name);
        _output.Write(value.AttributeUtf8.Span);
        _output.Write("'"u8);
        return this;
    }

    /// <inheritdoc cref="Attribute(string, string?)"/>
    public XmlBuilder Attribute(string name, long value)
    {
        AttributeStart(name);
        Number(value);
        _output.Write("'"u8);
        return this;
    }

    public XmlBuilder Text(string text)
    {
        EndTag();
        XmlText.WriteEscaped(_output, text);
        return this;
    }

    public XmlBuilder Text(long value)
    {
        EndTag();
        Number(value);
        return this;
    }

    /// <summary>Copies whole, self-contained elements.</summary>
    public XmlBuilder Copy(ReadOnlySpan<byte> elements)
    {
        if (elements.IsEmpty)
            return this;
        EndTag();
        _output.Write(elements);
        return this;
    }

    /// <summary>An element with nothing but text.</summary>
    public XmlBuilder Element(string name, string text, string? ns = null) => Start(name, ns).Text(text).End();

    /// <summary>An element with nothing in it.</summary>
    public XmlBuilder Empty(string name, string? ns = null) => Start(name, ns).End();

    public XmlBuilder End()
    {
        (string name, _) = _open[^1];
        _open.RemoveAt(_open.Count - 1);
        if (_inTag)
        {
            _output.Write("/>"u8);
            _inTag = false;
            return this;
        }
        _output.Write("</"u8);
        Raw(name);
        _output.Write(">"u8);
        return this;
    }

    /// <summary>Everything so far, elements still open closed.</summary>
    public byte[] ToArray()
    {
        while (_open.Count > 0)
            End();
        return _output.WrittenSpan.ToArray();
    }

    public override string ToString() => Encoding.UTF8.GetString(_output.WrittenSpan);

    private void AttributeStart(string name)
    {
        _output.Write(" "u8);
        Raw(name);
        _output.Write("='"u8);
    }

    private void EndTag()
    {
        if (_inTag)
            _output.Write(">"u8);
        _inTag = false;
    }

    private void Raw(string text) => Encoding.UTF8.GetBytes(text, _output);

    private void Number(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out int written, provider: CultureInfo.InvariantCulture);
        _output.Write(digits[..written]);
    }
}
