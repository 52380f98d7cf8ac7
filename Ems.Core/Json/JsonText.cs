using System.Text.Json;

namespace Ems.Core.Json;

/// <summary>Reads strings of JSON, which may have half of a surrogate pair and are no text then.</summary>
public static class JsonText
{
    /// <summary>What is wrong with a string that is no text.</summary>
    public const string Fault = "is not valid Unicode text: it has half of a surrogate pair.";

    /// <summary>The text of a string; null for one that is no text, and for everything else.</summary>
    public static string? FindText(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The name of a member; null for one that is no text.</summary>
    public static string? FindName(this JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
