namespace Ems.Ingestion.Files;

/// <summary>Finds what separates the fields of a delimited text.</summary>
internal static class CsvDialect
{
    // Where two fit as well, the comma is the one inside of numbers or names.
    private static readonly char[] Candidates = ['\t', ';', '|', ','];

    /// <summary>The delimiter that Excel's first line <c>sep=;</c> names.</summary>
    public static char? Told(ReadOnlySpan<char> sample)
    {
        var line = sample[..Math.Max(0, sample.IndexOfAny('\r', '\n'))].Trim('"');
        return line.Length == 5 && line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) ? line[4] : null;
    }

    /// <summary>The delimiter by which most lines have as many fields as each other.</summary>
    public static char Find(ReadOnlySpan<char> sample)
    {
        var best = ',';
        var bestScore = (Lines: 0, Fields: 0);
        foreach (var candidate in Candidates)
        {
            var score = Score(sample, candidate);
            if (score.CompareTo(bestScore) > 0)
            {
                (best, bestScore) = (candidate, score);
            }
        }

        return best;
    }

    /// <summary>How many lines have the most frequent number of delimiters above zero, and that number.</summary>
    private static (int Lines, int Fields) Score(ReadOnlySpan<char> sample, char delimiter)
    {
        var lines = new Dictionary<int, int>();
        var count = 0;
        var quoted = false;
        var before = '\n';
        foreach (var c in sample)
        {
            // A quotation mark opens only where a field begins; a doubled one closes and opens again.
            quoted = c == '"' ? !quoted && (before == delimiter || before is '\n' or '\r' or '"') : quoted;
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
