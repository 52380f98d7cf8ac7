using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;
using NodaTime.Text;

namespace Ems.Ingestion.Quality;

/// <summary>Puts flagged values together by equipment, metric, kind and period.</summary>
internal sealed class QualityReport(IReadingStore readings, IQualityStore quality)
{
    private const int ValuesAtOnce = 5_000;
    private const int MaxExamples = 3;

    // Flagged instants that are no farther apart belong together; intervals, when no whole one lies between them.
    private static readonly Duration Together = Duration.FromHours(1);

    /// <param name="zonesOf">The zone of each equipment that is asked for.</param>
    public async Task<IReadOnlyCollection<Row>> ReadAsync(
        QualityQuestion question, IReadOnlyDictionary<string, DateTimeZone> zonesOf, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, Row>();
        foreach (var place in zonesOf.GroupBy(one => one.Value, one => one.Key))
        {
            var (from, to) = question.RangeIn(place.Key);
            await ReadAsync(rows, question, new FlaggedQuery([.. place], question.Kinds, from, to, ValuesAtOnce), place.Key, cancellationToken);
        }

        return rows.Values;
    }

    private async Task ReadAsync(
        Dictionary<string, Row> rows, QualityQuestion question, FlaggedQuery query, DateTimeZone zone, CancellationToken cancellationToken)
    {
        IReadOnlyList<FlaggedValue> page;
        do
        {
            page = await quality.ListFlaggedAsync(query, cancellationToken);
            foreach (var value in page)
            {
                var period = question.Period.Floor(zone, value.Start).InZone(zone).Date;
                foreach (var (name, kind) in QualityQuestion.AllKinds.Where(one => (value.Flags & question.Kinds).HasFlag(one.Value)))
                {
                    var key = value.Series;
                    var id = $"{key.EquipmentId}\u0001{key.Metric}\u0001{key.Length.TotalMilliseconds:000000000000}\u0001{name}\u0001{LocalDatePattern.Iso.Format(period)}";
                    if (!rows.TryGetValue(id, out var row))
                    {
                        rows.Add(id, row = new Row(id, key, name, period));
                    }

                    row.Add(value, isAlone: kind is ReadingFlags.Gap or ReadingFlags.RegisterReset);
                }
            }

            query = query with { After = page.Count == 0 ? null : page[^1] };
        }
        while (page.Count == ValuesAtOnce);
    }

    public async Task<Finding> DescribeAsync(Row row, CancellationToken cancellationToken)
    {
        var series = (await readings.ListSeriesAsync([row.Series.EquipmentId], [row.Series.Metric], cancellationToken))
            .FirstOrDefault(one => one.Key == row.Series);
        var examples = new List<FindingExample>();
        foreach (var (first, last) in row.Examples)
        {
            var before = (await readings.ReadAsync(row.Series, first.Start, first.Start + Duration.FromMilliseconds(1), 1, cancellationToken))
                .Where(sample => sample.Start < first.Start)
                .Select(sample => (Sample?)sample)
                .LastOrDefault();
            var isGap = row.Kind == "gap";
            examples.Add(new FindingExample(
                isGap && before is { } previous ? previous.End : first.Start, isGap ? first.Start : last.Start + last.Length,
                first.Value, before?.Start, before?.Value));
        }

        return new Finding(
            row.Series.EquipmentId, row.Series.Metric, series?.Unit ?? "", row.Kind, row.Period, row.Episodes, row.Values, row.FirstAt, row.LastAt, examples);
    }

    /// <summary>What of one kind was found about a series in a period.</summary>
    internal sealed class Row(string id, SeriesKey series, string kind, LocalDate period)
    {
        private readonly List<(FlaggedValue First, FlaggedValue Last)> _examples = [];
        private FlaggedValue? _last;

        public string Id => id;

        public SeriesKey Series => series;

        public string Kind => kind;

        public LocalDate Period => period;

        public int Episodes { get; private set; }

        public int Values { get; private set; }

        public Instant FirstAt { get; private set; }

        public Instant LastAt { get; private set; }

        public IReadOnlyList<(FlaggedValue First, FlaggedValue Last)> Examples => _examples;

        /// <summary>Values come in order of time.</summary>
        /// <param name="isAlone">Each is one of its own, also when they follow each other.</param>
        public void Add(FlaggedValue value, bool isAlone)
        {
            var goesOn = !isAlone && _last is { } last && value.Start - last.Start <= Duration.Max(Together, last.Length * 1.5);
            if (!goesOn)
            {
                Episodes++;
            }

            if (!goesOn && _examples.Count < MaxExamples)
            {
                _examples.Add((value, value));
            }
            else if (goesOn && Episodes == _examples.Count)
            {
                _examples[^1] = (_examples[^1].First, value);
            }

            FirstAt = Values == 0 ? value.Start : FirstAt;
            (Values, LastAt, _last) = (Values + 1, value.Start, value);
        }
    }
}
