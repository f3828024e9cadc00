using QRCoder;

namespace Kith.Cli;

/// <summary>A QR code in half blocks, black on white whatever the terminal's colours are, with the quiet zone around it.</summary>
internal static class QrCode
{
    private const string BlackOnWhite = "\u001b[30;107m";
    private const string Reset = "\u001b[0m";

    public static void Write(TextWriter output, string text)
    {
        using QRCodeData code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        int size = code.ModuleMatrix.Count;
        for (int row = 0; row < size; row += 2)
        {
            output.Write(BlackOnWhite);
            for (int column = 0; column < size; column++)
            {
                bool upper = code.ModuleMatrix[row][column];
                bool lower = row + 1 < size && code.ModuleMatrix[row + 1][column];
                output.Write(
                    (upper, lower) switch
                    {
                        (true, true) => '█',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        _ => ' ',
                    }
                );
            }
            output.WriteLine(Reset);
        }
    }
}
