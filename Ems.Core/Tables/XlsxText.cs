using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace Ems.Core.Tables;

/// <summary>Characters that XML cannot carry, as workbooks write them: <c>_x0007_</c>.</summary>
public static partial class XlsxText
{
    public static string Escape(string text)
    {
        if (text.All(XmlConvert.IsXmlChar) && !text.Contains("_x", StringComparison.Ordinal))
        {
            return text;
        }

        var escaped = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                escaped.Append(c).Append(text[++i]);
            }
            else if (!XmlConvert.IsXmlChar(c) || (c == '_' && Escaped().IsMatch(text.AsSpan(i, Math.Min(7, text.Length - i)))))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"_x{(int)c:X4}_");
            }
            else
            {
                escaped.Append(c);
            }
        }

        return escaped.ToString();
    }

    public static string Unescape(string text) =>
        text.Contains("_x", StringComparison.Ordinal)
            ? Escaped().Replace(text, match => ((char)int.Parse(match.Groups["code"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString())
            : text;

    [GeneratedRegex("_x(?<code>[0-9A-Fa-f]{4})_", RegexOptions.CultureInvariant)]
    private static partial Regex Escaped();
}
