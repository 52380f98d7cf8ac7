using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Times;

namespace Ems.Ingestion.Imports.Rows;

/// <summary>A line above a table: a key with its value (<c>Meter: 12</c>), or words alone.</summary>
internal sealed record TitleLine(string Key, string Value)
{
    private const int FirstYear = 1900;
    private const int LastYear = 2199;

    private const int MostWords = 3;

    private static readonly char[] Blanks = [' ', '\t', '\u00A0', ',', ';', '–', '—', '(', ')'];

    private static readonly string[] OfPages = ["page", "seite", "side", "página", "printed", "report", "version", "continued", "cont", "fortsetzung"];

    private static readonly string[] OfPoints = ["source", "quelle", "serial", "log", "trend", .. SubjectFinder.Parts];

    public static TitleLine Of(string[] line)
    {
        var filled = line.Where(text => text.Length > 0).ToList();
        var colon = filled.Count == 1 ? filled[0].IndexOf(':', StringComparison.Ordinal) : -1;
        return colon > 0 ? new TitleLine(filled[0][..colon].Trim(), filled[0][(colon + 1)..].Trim())
            : filled.Count is 1 or 2 ? new TitleLine(filled[0].TrimEnd(':', ' '), filled.Count == 2 ? filled[1] : "") : new TitleLine("", "");
    }

    /// <summary>Whether it names another meter, place or carrier than the lines of its kind among these.</summary>
    public bool NamesAnotherThan(IEnumerable<TitleLine> lines)
    {
        if (IsOfPaper() || SaysTime(Key, Value))
        {
            return false;
        }

        var alike = lines.Where(line => (line.Value.Length > 0) == (Value.Length > 0)).ToList();
        if (Value.Length == 0)
        {
            return !alike.Exists(line => Same(line.Key, Key)) && alike.Exists(line => IsOfKindOf(line.Key));
        }

        var values = alike.Where(line => Same(line.Key, Key)).Select(line => line.Value).ToList();
        return values.Count > 0 && !values.Exists(value => Same(value, Value))
            && (SubjectFinder.NamesSubject(Key) || (new HeaderWords(Key) is var words && (words.Any((IEnumerable<string>)OfPoints) || SubjectFinder.NameUnitsAlone(words))) || values.TrueForAll(value => AreOfTwoCarriers(value, Value)));
    }

    /// <summary>Whether it names a meter, a place or a carrier, and is no note about one (<c>Meter changed</c>).</summary>
    public bool NamesSubject => !IsOfPaper() && !SaysTime(Key, Value) && !RowFilter.NamesTotal(Key)
        && (Carriers.Find(Key) is not null ? Array.TrueForAll(NameOf(Carriers.Without(Key)), MayBeName)
            : SubjectFinder.NamesSubject(Key) && (Value.Length > 0 ? SubjectFinder.NamesSubjectAlone(Key) : NameOf(Key) is { Length: > 0 } name && Array.TrueForAll(name, MayBeName)));

    /// <summary>
    /// Whether it is a short name of something that is no time, and no other than that once its numbers are left out, which may be those of
    /// pages. Where nothing stands above the first table, words in small letters are a note.
    /// </summary>
    public bool MayNameAnotherThan(TitleLine? other) => other is null
        ? IsShortTitle && Array.TrueForAll(WordsOf(Key), MayBeName)
        : IsShortTitle && other.IsShortTitle && !Same(WithoutNumbers(Key), WithoutNumbers(other.Key));

    private bool IsShortTitle => Value.Length == 0 && !IsOfPaper() && !RowFilter.NamesTotal(Key) && WordsOf(Key) is { Length: <= MostWords } words
        && Array.TrueForAll(words, word => !IsTime(word) && !TimeWords.Weekdays.Contains(word) && !TimeWords.Weeks.Contains(word)) && WithoutNumbers(Key).Any(char.IsLetter);

    private static string WithoutNumbers(string text) => string.Concat(text.Where(sign => !char.IsAsciiDigit(sign))).Trim();

    /// <summary>The words beside those of meters and places.</summary>
    private static string[] NameOf(string text) => Array.FindAll(WordsOf(text), word => word.Any(char.IsLetterOrDigit) && !SubjectFinder.NamesSubjectAlone(word) && new HeaderWords(word).Except(SubjectFinder.Ids).Count > 0);

    private static bool MayBeName(string word) => word.Length == 1 || !char.IsLower(word[0]);

    /// <summary>Whether it tells of times, pages and papers and of nothing that is measured.</summary>
    private bool IsOfPaper()
    {
        var words = new HeaderWords(Key);
        return Key.Length == 0 || words.NameTimeBeside("data") || words.AreAdministrative || words.Any((IEnumerable<string>)OfPages);
    }

    /// <summary>Whether both are the same words but for a name (<c>Site A</c>, <c>Site B</c>) or for what flows (<c>Gas</c>, <c>Electricity</c>).</summary>
    private bool IsOfKindOf(string other)
    {
        var (one, two) = (WordsOf(Key), WordsOf(other));
        var shorter = Math.Min(one.Length, two.Length);
        var start = Enumerable.Range(0, shorter).TakeWhile(i => Same(one[i], two[i])).Count();
        var end = Enumerable.Range(1, shorter - start).TakeWhile(i => Same(one[^i], two[^i])).Count();
        var common = string.Join(' ', one[..start].Concat(one[^end..]));
        string[] names = [string.Join(' ', one[start..^end]), string.Join(' ', two[start..^end])];
        return (AreOfTwoCarriers(Key, other) && (one.Length == two.Length || Same(Carriers.Without(Key), Carriers.Without(other))))
            || (Array.TrueForAll(names, name => name.Length > 0 && !SaysTime(common, name)) && (SubjectFinder.NamesSubject(common) || Carriers.Find(common) is not null));
    }

    private static bool AreOfTwoCarriers(string one, string other) => Carriers.Find(one) is { } carrier && Carriers.Find(other) is { } second && carrier != second;

    /// <summary>A number beside words of meters alone is that of a meter, though it may be a year too.</summary>
    private static bool SaysTime(string key, string value)
    {
        if (value.Length == 0 || (value.All(char.IsAsciiDigit) && SubjectFinder.NamesSubjectAlone(key)))
        {
            return false;
        }

        var words = WordsOf(value);
        return IsTime(value) || (Array.Exists(words, IsTime) && Array.TrueForAll(words, word => IsTime(word) || MayStandBesideTime(word)));
    }

    private static bool IsTime(string text) => TimeText.TryParse(text, out _) || (text.Contains(':', StringComparison.Ordinal) && TimeText.TryParseClock(text, out _))
        || MonthNames.Find(text) > 0 || (text.Length == 4 && int.TryParse(text, out var year) && year is >= FirstYear and <= LastYear)
        || (text.Length == 2 && char.ToUpperInvariant(text[0]) == 'Q' && text[1] is >= '1' and <= '4')
        || (text.Split('-', '/') is { Length: 2 } ends && Array.TrueForAll(ends, end => end.Length > 0 && !end.Contains('-', StringComparison.Ordinal) && IsTime(end)));

    private static bool MayStandBesideTime(string word) => !word.Any(char.IsLetterOrDigit) || (word.Length <= 3 && char.IsAsciiDigit(word[0]) && word.TrimEnd('.').All(char.IsAsciiDigit))
        || new HeaderWords(word).NameAnEndAlone;

    private static string[] WordsOf(string text) => text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
