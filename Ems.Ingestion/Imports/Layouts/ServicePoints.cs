namespace Ems.Ingestion.Imports.Layouts;

/// <summary>Knows the numbers that points of a network have by the standard of GS1 (GSRN): 18 digits, of which the last one checks the others.</summary>
internal static class ServicePoints
{
    private const int Length = 18;

    public static bool IsNumber(string text) => text.Length == Length && text.All(char.IsAsciiDigit) && text[0] != '0'
        && text.Select((digit, i) => (digit - '0') * (i % 2 == 0 && i < Length - 1 ? 3 : 1)).Sum() % 10 == 0;
}
