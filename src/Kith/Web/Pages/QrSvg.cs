using System.Globalization;
using System.Text;
using QRCoder;

namespace Kith.Web.Pages;

/// <summary>A QR code as SVG in the page, black on white in both themes; no style, so that the policy needs no exception.</summary>
internal static class QrSvg
{
    public static Html Of(string text, string label)
    {
        using QRCodeData code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        int size = code.ModuleMatrix.Count;
        return $"""<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{label}" shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/><path d="{Modules(code)}" fill="#000"/></svg>""";
    }

    // One rectangle for each run of dark modules in a row.
    private static string Modules(QRCodeData code)
    {
        var path = new StringBuilder();
        for (int y = 0; y < code.ModuleMatrix.Count; y++)
        {
            var row = code.ModuleMatrix[y];
            for (int x = 0; x < row.Count; x++)
            {
                int start = x;
                while (x < row.Count && row[x])
                    x++;
                if (x > start)
                    path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1h-{x - start}z");
            }
        }
        return path.ToString();
    }
}
