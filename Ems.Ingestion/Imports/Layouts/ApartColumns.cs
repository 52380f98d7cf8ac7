using System.Text.RegularExpressions;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using Ems.Ingestion.Imports.Times;
using NodaTime;

namespace Ems.Ingestion.Imports.Layouts;

/// <summary>
/// Finds a column of texts or numbers that nobody takes for the meter, though its cells tell meters apart: the rows of each go on by
/// themselves, at the times of the rows of another.
/// </summary>
internal sealed partial class ApartColumns(SheetTable table, MappedTable told, TimeColumns time, SubjectColumns subject)
{
    private const int FewestRows = 3;

    // Meters that are read one after the other are a small part of their step apart; shifts and hours of a day take turns further apart.
    private const int SmallPart = 10;

    // Of sessions that run at the same time, a few may have been written wrong.
    private const int FewestLeft = 10;

    // With fewer a blank date may be one that is missing.
    private const int FewestDays = 3;

    public static readonly string[] Shifts = ["shift", "shifts", "schicht", "arbeitsschicht", "turno", "équipe", "quart", "ploeg", "ploegendienst", "turnus", "smena", "směna", "zmiana", "skift", "vuoro", "műszak", "schimb", "смена"];

    private static readonly Duration FarthestApart = Duration.FromHours(1);

    /// <exception cref="ImportFaultException">There is one: only the sender knows what its texts are. Or what the mapping takes for meters are turns at one register.</exception>
    public void RefuseUnknownMeters(IReadOnlyList<ValueColumn> values)
    {
        if (table.Told is not null)
        {
            return;
        }

        foreach (var column in subject.Indexes.Where(column => told.Find(column) is { Purpose: ColumnRole.Equipment or ColumnRole.Part }))
        {
            RefuseTurns(column, values);
        }

        var taken = values.Select(column => column.Index).Concat(time.Indexes).Concat(subject.Indexes).ToHashSet();
        // What is used may be called by what is measured, and farther down stands what is made.
        var types = subject.Metric is { } measured && measured != subject.Part && OneDirection.IsOfTypes(table.HeaderOf(measured)) && PartColumn.ChannelsIn(table, measured).Count > 1 ? measured : (int?)null;
        taken.ExceptWith(types is { } open ? [open] : []);
        var rows = table.Rows.Zip(Keys(types), (row, key) => (Row: row, Key: key, Time: time.LocalOf(row))).Where(row => row.Time is not null).ToList();
        foreach (var column in table.Columns.Where(column => !taken.Contains(column) && told.Find(column) is null && MayNameMeters(column)))
        {
            if (rows.GroupBy(row => row.Key).Select(group => FindTwo([.. group.Select(row => (TextAt(row.Row, column), row.Time!.Value))])).FirstOrDefault(two => two is not null) is var (one, other))
            {
                RefuseTurns(column, values);
                throw Ambiguous(column, $"The rows of {ImportFault.Shorten(one)} and {ImportFault.Shorten(other)} in the column {table.HeaderOf(column)} are of the same times.");
            }

            if (NamesMore(column) is var (first, second))
            {
                throw Ambiguous(column, $"The column {table.HeaderOf(column)} has {ImportFault.Shorten(first)} and {ImportFault.Shorten(second)}, which are not both what the header of the values says.");
            }
        }
    }

    /// <summary>Meters of shifts that read one register by turns would each count all of it. The registers of phases and floors may rise alike.</summary>
    /// <exception cref="ImportFaultException">The column names shifts, and the readings go on from row to row, whatever the column has there.</exception>
    private void RefuseTurns(int column, IReadOnlyList<ValueColumn> values)
    {
        if (!NamesShifts(column))
        {
            return;
        }

        var meters = table.Rows.GroupBy(row => TextsOf(row, new[] { subject.Equipment, subject.Part }.OfType<int>().Where(index => index != column))).Select(rows => rows.ToList()).ToList();
        if (values.FirstOrDefault(value => value.Kind == QuantityKind.Register && meters.TrueForAll(rows => GoOn(rows, column, value.Index))) is not { } register)
        {
            return;
        }

        var header = table.HeaderOf(column);
        var amounts = table.Columns.Where(table.HoldsNumbers).Select(table.HeaderOf)
            .FirstOrDefault(name => HeaderReader.Read(name).Metric is { Kind: QuantityKind.Interval } metric && metric.Dimension == MetricCatalogue.Find(register.Metric)?.Dimension && !RegisterReadings.AreReadings(new HeaderWords(name)));
        MappedColumn[] guess = [new(header) { Role = ColumnRole.Equipment }, .. values.Where(value => value.Kind == QuantityKind.Register).Select(value => new MappedColumn(value.Header) { Role = ColumnRole.Ignored })];
        var answer = ImportMapping.Written(amounts is null ? [new MappedColumn(header) { Role = ColumnRole.Ignored }] : guess);
        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"What {register.Header} shows goes on from row to row, whatever stands in {header}: it is one register that is read by turns, and would count once for each of them. "
            + (amounts is null ? $"Send {answer}, and where {header} alone tells rows of one time apart, write the time of each reading into the column of times." : $"Send {answer}: {amounts} tells what each of them used."),
            table.Sheet, table.HeaderRow, header, [answer])
        {
            Guess = amounts is null ? null : new ImportMapping { Columns = guess },
        });
    }

    /// <summary>Whether the numbers of a column never fall, or never rise, while the texts of another one change all the time.</summary>
    private static bool GoOn(List<SampleRow> rows, int column, int register)
    {
        var numbers = rows.Select(row => NumberIn(row, register)).OfType<double>().ToList();
        var steps = numbers.Zip(numbers.Skip(1), (a, b) => Math.Sign(b - a)).Where(step => step != 0).ToList();
        var texts = rows.ConvertAll(row => TextAt(row, column));
        var turns = texts.Zip(texts.Skip(1)).Count(pair => pair.First != pair.Second);
        return steps.Count > 0 && steps.TrueForAll(step => step == steps[0]) && texts.Distinct().Count() is > 1 and var several && turns >= several * FewestRows - 1;
    }

    /// <summary>Says of sessions that run at the same time, and that no column tells apart, how they count.</summary>
    /// <exception cref="ImportFaultException">A column does tell them apart, and only the sender knows what it names.</exception>
    public void RefuseOverlaps(IReadOnlyCollection<int> values, List<ImportAssumption> assumptions)
    {
        if (table.Told is not null || Sessions.Find(table, time) is not { } sessions)
        {
            return;
        }

        var keys = table.Rows.Zip(Keys()).ToDictionary(row => row.First.Number, row => row.Second);
        if (sessions.Overlaps(row => keys[row.Number]) is not [var (one, other), ..] overlaps)
        {
            return;
        }

        var taken = values.Concat(time.Indexes).Concat(subject.Indexes).ToHashSet();
        var open = table.Columns.Where(column => !taken.Contains(column) && told.Find(column) is null && (MayNameMeters(column) || Sessions.NamePort(table.HeaderOf(column)))
            && table.Rows.Select(row => TextAt(row, column)).Distinct().Count() * 2 <= table.Rows.Count
            && sessions.Overlaps(row => $"{keys[row.Number]}\n{TextAt(row, column)}").Count * FewestLeft <= overlaps.Count).OrderByDescending(column => Sessions.NameCharger(table.HeaderOf(column))).ToList();
        if (open.Count > 0)
        {
            throw Ambiguous(open[0], $"Rows {one.Number} and {other.Number} run at the same time, as two of one meter do not, and differ in the column {table.HeaderOf(open[0])}.");
        }

        assumptions.Add(new ImportAssumption(
            "overlap", $"rows {one.Number} and {other.Number}{(overlaps.Count == 1 ? "" : $", and {overlaps.Count - 1} more")}",
            "they run at the same time: of the later one only its share behind the end of the earlier one counts. A column that names the meters, with the role equipment in the mapping, keeps them apart"));
    }

    /// <summary>A date in the first row of each day alone would make the amount of a shift, or of a meter, that of the whole day.</summary>
    /// <exception cref="ImportFaultException">At least one row with amounts and a name that is none of a sum, a mean or a plan follows each date, and has none.</exception>
    public void RefuseBlankDates(IReadOnlyList<ValueColumn> columns)
    {
        if (time is not { Date: { } date, Clock: null, HasEnds: false })
        {
            return;
        }

        var undated = table.Rows.Where(row => row[date.Index].Kind == CellKind.Empty && columns.Any(column => DecimalColumn.IsNumber(row[column.Index])) && AreNamed(row)).ToList();
        var dated = table.Rows.Count(row => row[date.Index].Kind != CellKind.Empty);
        var followed = table.Rows.Zip(table.Rows.Skip(1)).Count(pair => pair.First[date.Index].Kind != CellKind.Empty && undated.Contains(pair.Second));
        if (dated >= FewestDays && followed * 5 >= dated * 4)
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.DataValidationFailed,
                $"The {RowFilter.NameRows([.. undated.Select(row => row.Number)], undated.Count)} have values and no {table.HeaderOf(date.Index)}, which stands in the first row of each day alone. Write it into each row, or merge its cells in the workbook.",
                table.Sheet, undated[0].Number, table.HeaderOf(date.Index)));
        }

        static bool AreNamed(SampleRow row) => row.Cells.Where(cell => cell.Kind == CellKind.Text && !DecimalColumn.IsNumber(cell)).Select(cell => cell.Text!).ToList() is { Count: > 0 } texts
            && !texts.Exists(RowFilter.MayNameNoReading);
    }

    /// <summary>The same of a matrix, of which each row has many times.</summary>
    /// <exception cref="ImportFaultException">Most meters and times have several rows, which only such columns tell apart.</exception>
    public void RefuseUnknownRows(IReadOnlyCollection<int> cells)
    {
        if (table.Told is not null || time.DateFillsDown || time.YearFillsDown)
        {
            return;
        }

        var taken = cells.Concat(time.Indexes).Concat(subject.Indexes).ToHashSet();
        var several = table.Rows.Zip(Keys(), (row, key) => (Row: row, Key: $"{key}\n{TextsOf(row, time.Indexes)}")).GroupBy(row => row.Key)
            .Select(same => same.Select(row => row.Row).DistinctBy(row => TextsOf(row, table.Columns)).ToList()).ToList();
        var groups = several.FindAll(rows => rows.Count > 1);
        if (several.Count > 1 && groups.TrueForAll(rows => rows.DistinctBy(row => TextsOf(row, cells)).Count() == 1))
        {
            // The file has its days twice.
            return;
        }

        var open = table.Columns.Where(column => !taken.Contains(column) && told.Find(column) is null && MayNameRows(column) && !IsTotal(column, cells))
            .OrderByDescending(column => table.Rows.Select(row => TextAt(row, column)).Distinct().Count()).ToList();
        if (groups.Count == 0 || groups.Count * 2 < several.Count)
        {
            return;
        }

        var isTold = TellApart(open);
        RefuseKinds(groups, Enumerable.Range(0, table.Headers.Count).Where(column => !taken.Contains(column) && told.Find(column) is null), isTold);
        if (!isTold)
        {
            return;
        }

        foreach (var column in open.ToList())
        {
            open = TellApart([.. open.Where(other => other != column)]) ? [.. open.Where(other => other != column)] : open;
        }

        var headers = open.Order().Select(table.HeaderOf).ToList();
        throw new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"Rows {groups[0][0].Number} and {groups[0][1].Number} are of the same time{(subject.Equipment is null ? "" : " and meter")}, and only {string.Join(" and ", headers)} {(headers.Count == 1 ? "tells" : "tell")} them apart. "
            + (subject.Equipment is null ? "Give a column the role equipment in the mapping if it names the meters, and the role part if it says what each of them counts apart."
                : $"Give {headers[^1]} the role part in the mapping if it says what each meter counts apart, or the role equipment if it names the meters better.") + $" As a guess: {ImportMapping.Written(GuessOf([.. open.Order()]))}.",
            table.Sheet, table.HeaderRow, headers[0], [.. table.Columns.Where(column => !cells.Contains(column)).Select(table.HeaderOf)])
        {
            Guess = new ImportMapping { Columns = GuessOf([.. open.Order()]) },
        });

        bool TellApart(List<int> columns) => groups.TrueForAll(rows => rows.DistinctBy(row => TextsOf(row, columns)).Count() == rows.Count);
    }

    /// <summary>Rows of what a register showed beside those of what was used, and texts below no header, which no mapping can name.</summary>
    /// <param name="isTold">Whether columns with headers tell them apart.</param>
    private void RefuseKinds(List<List<SampleRow>> groups, IEnumerable<int> columns, bool isTold)
    {
        foreach (var column in columns.Where(column => groups.TrueForAll(rows => rows.TrueForAll(row => row[column].Kind == CellKind.Text) && rows.DistinctBy(row => TextAt(row, column)).Count() == rows.Count)))
        {
            var (one, other) = (groups[0][0], groups[0][1]);
            var areKinds = groups.TrueForAll(rows => rows.Exists(row => IsReading(TextAt(row, column))) && rows.Exists(row => IsAmount(TextAt(row, column))));
            if (areKinds || (!isTold && table.HeaderOf(column).Length == 0))
            {
                throw new ImportFaultException(new ImportFault(
                    ImportFault.DataValidationFailed,
                    $"Rows {one.Number} and {other.Number} are of the same time{(subject.Equipment is null ? "" : " and meter")}: {ImportFault.Shorten(TextAt(one, column))} and {ImportFault.Shorten(TextAt(other, column))}. "
                    + (areKinds ? "One of both is enough: delete the rows of the readings, or those of what was used between them." : "Write a header above these texts, such as Meter if they name the meters."),
                    table.Sheet, other.Number, HeaderTexts.Letters(column + 1)[column]));
            }
        }
    }

    private static bool IsReading(string text) => new HeaderWords(text) is var words && RegisterReadings.AreNamedBy(words) && !RegisterReadings.NameAmounts(words);

    private static bool IsAmount(string text) => new HeaderWords(text) is var words && !IsReading(text) && (RegisterReadings.NameAmounts(words) || HeaderReader.Read(text).Unit?.Dimension is Dimension.Energy or Dimension.Volume);

    /// <summary>Whether it is called a total, or has the sums of the rows.</summary>
    private bool IsTotal(int column, IReadOnlyCollection<int> cells) => RowFilter.NamesTotal(table.HeaderOf(column))
        || (table.HoldsNumbers(column) && table.Rows.All(row => NumberIn(row, column) is not { } total || Math.Abs(cells.Sum(cell => NumberIn(row, cell) ?? 0) - total) <= Math.Abs(total) / 1000));

    private static double? NumberIn(SampleRow row, int column) => DecimalColumn.NumberIn(row[column], decimalComma: false);

    /// <summary>One column names the meters, and one of the others what each of them counts apart.</summary>
    private List<MappedColumn> GuessOf(List<int> columns)
    {
        var likely = columns.OrderBy(SaysParts).First();
        int? meter = subject.Equipment is null && (columns.Count > 1 || !SaysParts(likely)) ? likely : null;
        return columns.ConvertAll(column => new MappedColumn(table.HeaderOf(column))
        {
            Role = column == meter ? ColumnRole.Equipment : ColumnRole.Part,
            Confidence = SaysParts(column) ? 0.6 : 0.4,
            Reason = "its cells tell rows of the same times apart",
        });
    }

    private bool SaysParts(int column) => (subject.Equipment is not null && Sessions.NamePort(table.HeaderOf(column))) || PartColumn.AreNamedBy(table.HeaderOf(column)) || PartColumn.ChannelsIn(table, column).Count > 0
        || table.HoldsTexts(column, text => PartNames.TariffIn(text) is not null);

    private static string TextsOf(SampleRow row, IEnumerable<int> columns) => string.Join('\n', columns.Select(column => TextAt(row, column)));

    private bool MayNameRows(int column) => table.HoldsNumbers(column)
        ? table.Filled(column).All(cell => cell.Kind == CellKind.Number && cell.Number % 1 == 0)
        : table.HoldsTexts(column, text => !DecimalColumn.LooksNumeric(text));

    private bool MayNameMeters(int column) => new HeaderWords(table.HeaderOf(column)) is { NamePrice: false } header && (table.HoldsNumbers(column)
        ? (header.Any(SubjectFinder.Ids) && table.Filled(column).All(cell => cell.Kind == CellKind.Number && cell.Number % 1 == 0))
            || (NamesShifts(column) && table.Filled(column).All(cell => DecimalColumn.NumberIn(cell, decimalComma: false) is { } number && number % 1 == 0))
        : table.HoldsTexts(column, text => !TimeText.TryParse(text, out _) && !TimeText.TryParseClock(text, out _)));

    private bool NamesShifts(int column) => new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)Shifts);

    /// <summary>
    /// Two texts of a column that is headed as what is measured, beside values whose header says that, where nothing names a meter; null where there are none, or
    /// they are directions.
    /// </summary>
    private (string One, string Other)? NamesMore(int column) => subject is { Equipment: null, SayWhatIsMeasured: false } && new HeaderWords(table.HeaderOf(column)).Any((IEnumerable<string>)SubjectFinder.Measured)
        && table.Rows.Select(row => TextAt(row, column)).Where(text => text.Length > 0).Distinct().ToList() is [var one, var other, ..] texts && !texts.Exists(Directions.AreDirection) ? (one, other) : null;

    /// <summary>Two texts of the column that are of the same times; null where there are none.</summary>
    private static (string One, string Other)? FindTwo(List<(string Text, LocalDateTime Time)> rows)
    {
        var series = rows.Where(row => row.Text.Length > 0).GroupBy(row => row.Text)
            .Select(group => (Text: group.Key, Times: group.Select(row => row.Time).Distinct().Order().ToList())).Where(one => one.Times.Count >= FewestRows).ToList();
        if (series.Count < 2 || series.Sum(one => one.Times.Count) * 10 < rows.Count * 8)
        {
            return null;
        }

        var all = rows.Select(row => row.Time).Distinct().Order().ToList();
        var repeat = all.Count * 10 <= rows.Count * 7;
        // Days of the week, tariffs and states come again and again too, but the rows of all together go on in one step, or take turns.
        var goOn = series.TrueForAll(one => IsWhole(one.Times) || NamePoints(one.Text)) && !IsWhole(all);
        if (!repeat && !goOn)
        {
            return null;
        }

        var first = series[0];
        return series.Skip(1).Where(other => repeat ? other.Times.Intersect(first.Times).Count() * 2 >= first.Times.Count : GoOnTogether(first.Times, other.Times))
            .Select(other => ((string, string)?)(first.Text, other.Text)).FirstOrDefault();
    }

    private static bool NamePoints(string text) => Point().IsMatch(text);

    private static bool IsWhole(List<LocalDateTime> times) => times.Count >= 0.8 * ((Between(times[0], times[^1]) / StepOf(times).Step) + 1);

    /// <summary>The most frequent step, and how many times it is taken.</summary>
    private static (Duration Step, int Count) StepOf(List<LocalDateTime> times)
    {
        var most = times.Zip(times.Skip(1), Between).GroupBy(found => found).MaxBy(group => group.Count())!;
        return (most.Key, most.Count());
    }

    public static Duration Between(LocalDateTime one, LocalDateTime other) => other.InUtc().ToInstant() - one.InUtc().ToInstant();

    /// <summary>Whether both are of about the same times; those that only come when something changes need only be of the same span.</summary>
    private static bool GoOnTogether(List<LocalDateTime> one, List<LocalDateTime> other)
    {
        if (HaveNoStep(one) && HaveNoStep(other))
        {
            return Overlap(one, other);
        }

        var near = Duration.Min(StepOf(one).Step / SmallPart, FarthestApart - Duration.Epsilon);
        return AreNear(one, other, near) && AreNear(other, one, near);
    }

    private static bool HaveNoStep(List<LocalDateTime> times) => !IsWhole(times) && StepOf(times).Count * 2 < times.Count - 1;

    private static bool AreNear(List<LocalDateTime> times, List<LocalDateTime> others, Duration near) => times.Count(at => IsNear(at, others, near)) * 2 > times.Count;

    /// <summary>Whether any of the others, which are in order, is no farther away.</summary>
    public static bool IsNear(LocalDateTime at, List<LocalDateTime> others, Duration near)
    {
        var found = others.BinarySearch(at);
        return found >= 0 || (~found < others.Count && Between(at, others[~found]) <= near) || (~found > 0 && Between(others[~found - 1], at) <= near);
    }

    private static bool Overlap(List<LocalDateTime> one, List<LocalDateTime> other) =>
        one.Count(at => at >= other[0] && at <= other[^1]) * 2 > one.Count && other.Count(at => at >= one[0] && at <= one[^1]) * 2 > other.Count;

    /// <summary>What the columns of the subject say of each row; blank cells of merged ones say what the rows above do.</summary>
    private IEnumerable<string> Keys(int? without = null)
    {
        var columns = subject.Indexes.Except(subject.Quality.Select(quality => quality.Index)).Where(column => column != without).ToList();
        var last = columns.ToDictionary(column => column, _ => "");
        foreach (var row in table.Rows)
        {
            var hasPlace = new[] { subject.Site, subject.SiteName }.Any(column => column is { } place && TextAt(row, place).Length > 0);
            foreach (var column in columns)
            {
                var text = TextAt(row, column);
                var fillsDown = (text.Length == 0 && ((column == subject.Equipment && subject.EquipmentFillsDown) || (column == subject.Type && subject.TypeFillsDown)))
                    || ((column == subject.Site || column == subject.SiteName) && subject.SiteFillsDown && !hasPlace);
                // What is counted in kWh and in MWh is the same.
                last[column] = fillsDown ? last[column] : column == subject.Unit && Units.TryParse(text, out var unit) ? $"{unit.Dimension}" : text;
            }

            yield return string.Join('\n', columns.Select(column => last[column]));
        }
    }

    private static string TextAt(SampleRow row, int column) => MissingMarkers.IsMissing(row[column]) ? "" : HeaderTexts.TextOf(row[column]);

    private ImportFaultException Ambiguous(int column, string why)
    {
        var header = table.HeaderOf(column);
        var guess = new MappedColumn(header) { Role = SaysParts(column) ? ColumnRole.Part : ColumnRole.Equipment, Confidence = 0.6, Reason = "its cells differ, and nothing else says what they tell apart" };
        // What has several meters, as a floor has, names them with their own names only.
        int? meter = guess.Role == ColumnRole.Equipment && subject.Part is null && subject.Equipment is { } named && table.Rows.GroupBy(row => TextAt(row, column)).Any(rows => rows.Key.Length > 0 && rows.Select(row => TextAt(row, named)).Distinct().Skip(1).Any()) ? named : null;
        var both = meter is not { } with ? [guess] : new[] { guess, guess with { Column = table.HeaderOf(with), Role = ColumnRole.Part } };
        both = meter is { } sent && told.Find(sent) is not null ? [guess with { Role = ColumnRole.Part }, both[1] with { Role = ColumnRole.Equipment }] : both;
        return new ImportFaultException(new ImportFault(
            ImportFault.AmbiguousMapping,
            $"{why} "
            + (SaysParts(column) ? $"Give {header} the role part in the mapping: what it tells apart is then kept apart for each meter."
                : meter is { } of ? $"Give it and {table.HeaderOf(of)} the roles equipment and part in the mapping if they name the meters together, or another one."
                : $"Give {header} the role equipment in the mapping if it names the meters, part if it says what each of them counts apart, or another one.")
            + $"{(NamesShifts(column) ? " Or write the hours of each shift into its rows, as 06:00-14:00." : "")} As a guess: {ImportMapping.Written(both)}.",
            table.Sheet, table.HeaderRow, header, [.. table.Columns.Select(table.HeaderOf)])
        {
            Guess = new ImportMapping { Columns = both },
        });
    }

    [GeneratedRegex(@"[\p{L}\p{N}][./:\\_][\p{L}\p{N}]", RegexOptions.CultureInvariant)]
    private static partial Regex Point();
}
