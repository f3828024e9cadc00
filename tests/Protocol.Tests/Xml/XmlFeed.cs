using System.Text;
using Shouldly;
using Xmpp.Xml;

namespace Protocol.Tests.Xml;

/// <summary>A stream as a transport reads it: scanner, then parser, until it ends or breaks.</summary>
internal static class XmlFeed
{
    /// <summary>What came of the bytes, a line for each unit; the last tells the error when there was one.</summary>
    /// <param name="next">The size of the next chunk, given how much is left.</param>
    public static string Read(byte[] stream, Func<int, int> next, XmlLimits? limits = null)
    {
        limits ??= new();
        var scanner = new XmlScanner(limits);
        var told = new StringBuilder();
        XmlContext context = XmlContext.Empty;
        int scanned = 0;
        int end = 0;
        try
        {
            while (scanned < stream.Length)
            {
                if (scanned == end)
                    end = Math.Min(stream.Length, end + Math.Max(1, next(stream.Length - end)));
                int step = scanner.Scan(stream.AsSpan(scanned, end - scanned), out XmlUnit unit);
                step.ShouldBeGreaterThan(0);
                scanned += step;
                if (unit == XmlUnit.None)
                    continue;
                byte[] bytes = stream.AsSpan(scanned - scanner.Length, scanner.Length).ToArray();
                scanner.Next();
                told.Append(unit).Append(' ').AppendLine(Tell(unit, bytes, ref context, limits));
            }
        }
        catch (StreamErrorException error)
        {
            told.Append(error.Condition);
        }
        return told.ToString();
    }

    public static string Read(string stream, XmlLimits? limits = null) =>
        Read(Encoding.UTF8.GetBytes(stream), left => left, limits);

    private static string Tell(XmlUnit unit, byte[] bytes, ref XmlContext context, XmlLimits limits)
    {
        switch (unit)
        {
            case XmlUnit.Open:
                Element header = XmlParser.ParseOpen(bytes, limits).Root;
                context = XmlContext.Of(header);
                return Canonical.Of(header);
            case XmlUnit.Element:
                return Canonical.Of(XmlParser.Parse(bytes, context, limits).Root);
            default:
                return Encoding.UTF8.GetString(bytes);
        }
    }
}
