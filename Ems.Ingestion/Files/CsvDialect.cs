namespace Ems.Ingestion.Files;

/// <summary>Finds what separates the fields of a delimited text.</summary>
internal static class CsvDialect
{
    // Where two fit as well, the comma is the one inside of numbers or names.
    private static readonly char[] Candidates = ['\t', ';', '|', ','];

    // Marks of numbers and parts of units as well.
    private static readonly char[] Rare = ['^', '~'];

    private const int MostLines = 20;

    private const char Comment = '#';

    /// <summary>The delimiter that Excel's first line <c>sep=;</c> names.</summary>
    public static char? Told(ReadOnlySpan<char> sample)
    {
        var line = sample[..Math.Max(0, sample.IndexOfAny('\r', '\n'))].Trim('"');
        return line.Length == 5 && line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) ? line[4] : null;
    }

    /// <summary>
    /// Takes the sign of a comment from the last of the lines at the start that have one, where it heads the row below (<c>#Time;kWh</c>): they have as many fields as each
    /// other, and only that row has numbers. Headers of their own stay below comments.
    /// </summary>
    public static void ShowHeaders(Span<char> sample, char? told)
    {
        var (start, last) = (told is null ? 0 : sample.IndexOf('\n') + 1, -1);
        while (start < sample.Length && sample[start..] is var rest && rest.IndexOf('\n') is >= 0 and var length)
        {
            ReadOnlySpan<char> line = rest[..length];
            if (line.IsWhiteSpace())
            {
                start += length + 1;
                continue;
            }

            if (line[0] != Comment)
            {
                if (last >= 0 && Heads(sample[last..], line, told))
                {
                    sample[last] = ' ';
                }

                return;
            }

            (last, start) = (start, start + length + 1);
        }
    }

    private static bool Heads(ReadOnlySpan<char> comment, ReadOnlySpan<char> row, char? told)
    {
        comment = comment[..comment.IndexOf('\n')];
        var delimiter = told ?? Find($"{comment}\n{row}\n");
        return comment.Count(delimiter) is > 0 and var count && row.Count(delimiter) == count && !HasNumber(comment, delimiter) && HasNumber(row, delimiter);
    }

    private static bool HasNumber(ReadOnlySpan<char> line, char delimiter)
    {
        foreach (var field in line.Split(delimiter))
        {
            if (NumberText.TryParse(line[field].Trim(), out _))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What fields stand in that may have delimiters: apostrophes where no quotation mark is there and all that the first lines hold stands in them.</summary>
    public static char QuoteOf(ReadOnlySpan<char> sample)
    {
        if (sample.Contains('"') || sample[0] != '\'')
        {
            return '"';
        }

        var delimiter = Find(sample, '\'');
        // The last line may be cut off.
        var lines = sample.ToString().Split('\n').SkipLast(1).Select(line => line.Trim()).Where(line => line.Length > 0).Take(MostLines).ToList();
        return lines.Count > 1 && lines.TrueForAll(line => AreQuoted(line, delimiter)) ? '\'' : '"';
    }

    /// <summary>Whether a line has several fields, each of which is empty or stands in apostrophes.</summary>
    private static bool AreQuoted(string line, char delimiter)
    {
        var (count, at) = (0, 0);
        while (at < line.Length)
        {
            if (line[at] == '\'')
            {
                at++;
                while (at < line.Length && (line[at] != '\'' || (at + 1 < line.Length && line[at + 1] == '\'')))
                {
                    at += line[at] == '\'' ? 2 : 1;
                }

                at++;
                if (at > line.Length)
                {
                    return false;
                }
            }

            if (at < line.Length && line[at++] != delimiter)
            {
                return false;
            }

            count++;
        }

        return count > 1;
    }

    /// <summary>The delimiter by which most lines have as many fields as each other.</summary>
    public static char Find(ReadOnlySpan<char> sample, char quote = '"')
    {
        var best = ',';
        var bestScore = (Lines: 0, Fields: 0);
        foreach (var candidate in Candidates)
        {
            var score = Score(sample, candidate, quote);
            if (score.CompareTo(bestScore) > 0)
            {
                (best, bestScore) = (candidate, score);
            }
        }

        foreach (var rare in Rare)
        {
            if (IsBetweenAll(sample, rare))
            {
                return rare;
            }
        }

        return best;
    }

    /// <summary>Whether it alone separates the headers, and is in each line as often as there.</summary>
    private static bool IsBetweenAll(ReadOnlySpan<char> sample, char rare)
    {
        var count = 0;
        // The last line may be cut off.
        foreach (var line in sample[..(sample.LastIndexOfAny('\r', '\n') + 1)].EnumerateLines())
        {
            if (!line.IsWhiteSpace() && ((count == 0 && line.ContainsAny(Candidates)) || line.Count(rare) is 0 || (count > 0 && line.Count(rare) != count)))
            {
                return false;
            }

            count = Math.Max(count, line.Count(rare));
        }

        return count > 0;
    }

    /// <summary>How many lines have the most frequent number of delimiters above zero, and that number.</summary>
    private static (int Lines, int Fields) Score(ReadOnlySpan<char> sample, char delimiter, char quote)
    {
        var lines = new Dictionary<int, int>();
        var count = 0;
        var quoted = false;
        var before = '\n';
        foreach (var c in sample)
        {
            // A quotation mark opens only where a field begins; a doubled one closes and opens again.
            quoted = c == quote ? !quoted && (before == delimiter || before == quote || before is '\n' or '\r') : quoted;
            if (!quoted && c is '\n' or '\r')
            {
                Note(lines, count);
                count = 0;
            }
            else if (!quoted && c == delimiter)
            {
                count++;
            }

            before = c;
        }

        Note(lines, count);
        return lines.Count == 0 ? default : lines.Select(line => (line.Value, line.Key)).Max();
    }

    private static void Note(Dictionary<int, int> lines, int count)
    {
        if (count > 0)
        {
            lines[count] = lines.GetValueOrDefault(count) + 1;
        }
    }
}
