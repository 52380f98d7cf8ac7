using System.Globalization;
using System.Text;

namespace Ems.Core.Storage;

/// <summary>What may serve as the id of equipment or a site, and as the name of a metric.</summary>
public static class Identifier
{
    public const int MaxLength = 128;

    private const string Reserved = "/\\?#%";

    /// <summary>What is wrong with an id, as the end of a sentence that begins with its field; null when nothing is.</summary>
    public static string? FaultOf(string? id)
    {
        if (string.IsNullOrWhiteSpace(id))
        {
            return "is missing or empty.";
        }

        if (id.Length > MaxLength)
        {
            return $"has {id.Length} characters; at most {MaxLength} are allowed.";
        }

        if (char.IsWhiteSpace(id[0]) || char.IsWhiteSpace(id[^1]))
        {
            return "begins or ends with white space.";
        }

        if (id.AsSpan().Trim('.').IsEmpty)
        {
            return "consists of dots alone.";
        }

        return FaultOfCharacters(id);
    }

    private static string? FaultOfCharacters(ReadOnlySpan<char> id)
    {
        while (!id.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(id, out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                return "contains half of a surrogate pair.";
            }

            if (rune.IsAscii && Reserved.Contains((char)rune.Value))
            {
                return $"contains '{rune}'; / \\ ? # % are not allowed.";
            }

            if (!IsPrintable(rune))
            {
                return $"contains the character U+{rune.Value:X4}, which is not printable.";
            }

            id = id[length..];
        }

        return null;
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator => false,
        // Joiners belong to written words and emoji; other format characters only hide or reorder text.
        UnicodeCategory.Format => rune.Value is 0x200C or 0x200D,
        _ => true,
    };
}
