using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Ems.Core.Metering;

/// <summary>
/// A text with the usual letters in place of those that only look like them: full-width forms, signs for whole units (<c>㎥</c>, <c>㎾</c>),
/// accents behind their letters, spaces that do not break, and hyphens that are not seen. Words are compared so; names stay as they are written.
/// </summary>
/// <remarks>Without data of cultures, as the programs run, <see cref="string.Normalize()"/> leaves a text as it is.</remarks>
public sealed class PlainText
{
    private const string Ordinary = "äöüÄÖÜßéèêëàâçîïôùûáíóúñåæøÅÆØ²³°º·–";

    private const char FirstFullWidth = '\uFF01';
    private const char LastFullWidth = '\uFF5E';

    private static readonly SearchValues<char> Usual = SearchValues.Create([.. Enumerable.Range(0, 128).Select(code => (char)code), .. Ordinary]);

    private static readonly FrozenDictionary<char, string> Signs = new Dictionary<char, string>
    {
        ['\u00B5'] = "\u03BC",
        ['\u2126'] = "\u03A9",
        ['\u212A'] = "K",
        ['\u212B'] = "Å",
        ['℃'] = "°C",
        ['℉'] = "°F",
        ['ℓ'] = "l",
        ['№'] = "No",
        ['㎃'] = "mA",
        ['㎄'] = "kA",
        ['㎉'] = "kcal",
        ['㎐'] = "Hz",
        ['㎡'] = "m2",
        ['㎥'] = "m3",
        ['㎷'] = "mV",
        ['㎸'] = "kV",
        ['㎹'] = "MV",
        ['㎽'] = "mW",
        ['㎾'] = "kW",
        ['㎿'] = "MW",
    }.ToFrozenDictionary();

    // What an accent makes of the letters that it stands behind.
    private static readonly FrozenDictionary<(char Letter, char Accent), char> Accented = new (char Accent, string Letters, string Whole)[]
    {
        ('\u0300', "AaEeIiNnOoUuYy", "ÀàÈèÌìǸǹÒòÙùỲỳ"),
        ('\u0301', "AaCcEeGgIiLlNnOoRrSsUuYyZz", "ÁáĆćÉéǴǵÍíĹĺŃńÓóŔŕŚśÚúÝýŹź"),
        ('\u0302', "AaCcEeGgIiOoSsUuYyZz", "ÂâĈĉÊêĜĝÎîÔôŜŝÛûŶŷẐẑ"),
        ('\u0303', "AaEeIiNnOoUuYy", "ÃãẼẽĨĩÑñÕõŨũỸỹ"),
        ('\u0306', "AaEeGgIiOoUu", "ĂăĔĕĞğĬĭŎŏŬŭ"),
        ('\u0307', "AaCcDdEeGgINnOoRrSsTtYyZz", "ȦȧĊċḊḋĖėĠġİṄṅȮȯṘṙṠṡṪṫẎẏŻż"),
        ('\u0308', "AaEeIiOotUuYy", "ÄäËëÏïÖöẗÜüŸÿ"),
        ('\u030a', "AaUuy", "ÅåŮůẙ"),
        ('\u030b', "OoUu", "ŐőŰű"),
        ('\u030c', "AaCcDdEeGgIiLlNnOoRrSsTtUuZz", "ǍǎČčĎďĚěǦǧǏǐĽľŇňǑǒŘřŠšŤťǓǔŽž"),
        ('\u0327', "CcDdEeGgLlNnRrSsTt", "ÇçḐḑȨȩĢģĻļŅņŖŗŞşŢţ"),
        ('\u0328', "AaEeIiOoUu", "ĄąĘęĮįǪǫŲų"),
    }.SelectMany(row => row.Letters.Zip(row.Whole, (letter, whole) => KeyValuePair.Create((letter, row.Accent), whole))).ToFrozenDictionary();

    private readonly string _written;
    private readonly List<int> _origins = [];

    /// <param name="written">As somebody wrote it.</param>
    public PlainText(string written)
    {
        _written = written;
        Text = written.AsSpan().ContainsAnyExcept(Usual) ? Read() : written;
    }

    public string Text { get; }

    public static string Of(string text) => new PlainText(text).Text;

    /// <summary>What a part of the text is as it was written; the part itself where it is none.</summary>
    public string Written(string part) =>
        ReferenceEquals(Text, _written) || part.Length == 0 || Text.IndexOf(part, StringComparison.Ordinal) is not (>= 0 and var start) ? part
        : _written[_origins[start]..(start + part.Length < _origins.Count ? _origins[start + part.Length] : _written.Length)].Trim();

    private string Read()
    {
        var plain = new StringBuilder(_written.Length);
        for (var i = 0; i < _written.Length; i++)
        {
            var c = _written[i];
            if (plain.Length > 0 && Accented.TryGetValue((plain[^1], c), out var whole))
            {
                plain[^1] = whole;
                continue;
            }

            plain.Append(UsualOf(c));
            while (_origins.Count < plain.Length)
            {
                _origins.Add(i);
            }
        }

        return plain.ToString();
    }

    private static string UsualOf(char c) => c is >= FirstFullWidth and <= LastFullWidth ? ((char)(c - FirstFullWidth + '!')).ToString()
        : Signs.TryGetValue(c, out var usual) ? usual
        : char.IsWhiteSpace(c) ? " "
        : CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format ? ""
        : c.ToString();
}
