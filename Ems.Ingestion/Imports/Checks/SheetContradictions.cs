using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Rows;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Ems.Ingestion.Imports.Checks;

/// <summary>Values that two sheets of one file, or two files of one archive, give differently: none of them is taken.</summary>
internal sealed class SheetContradictions
{
    // More than a person looks at; they would take memory without bound.
    private const int Most = 100_000;

    private readonly Dictionary<(string EquipmentId, string Metric, Instant Start, Duration Length), (Place First, Place Second)> _found = [];

    private readonly record struct Place(string Sheet, int Row);

    /// <summary>Compares the sheets that have values of one meter and metric in the same time, on disk; mostly there are none.</summary>
    /// <param name="read">The readings of a sheet.</param>
    /// <param name="path">Where a file may be made.</param>
    /// <exception cref="ImportFaultException">Sheets contradict each other all over.</exception>
    public static SheetContradictions Find(IReadOnlyList<SheetFacts> sheets, Func<SheetFacts, IEnumerable<ImportedReading>> read, string path)
    {
        var contradictions = new SheetContradictions();
        var overlapping = sheets.Where(sheet => sheets.Any(other => !ReferenceEquals(sheet, other) && Overlap(sheet, other))).ToList();
        if (overlapping.Count > 0)
        {
            contradictions.Compare(overlapping, read, path);
        }

        return contradictions;
    }

    /// <summary>The readings of a sheet without the values that another sheet gives differently.</summary>
    public IEnumerable<ImportedReading> Without(SheetFacts sheet, IEnumerable<ImportedReading> readings) =>
        _found.Count == 0 ? readings : readings.Select(reading => Without(sheet, reading));

    private ImportedReading Without(SheetFacts sheet, ImportedReading reading)
    {
        var faults = new List<ImportFault>();
        var parts = new List<Reading>(reading.Parts.Count);
        foreach (var part in reading.Parts)
        {
            var values = part.Values.Where(value =>
            {
                var isRefused = _found.TryGetValue((part.EquipmentId, value.Metric, part.Start, part.Length), out var places);
                if (isRefused)
                {
                    faults.Add(FaultOf(sheet, reading.RowOf(value.Metric), part.EquipmentId, value.Metric, places));
                }

                return !isRefused;
            }).ToList();
            if (values.Count > 0)
            {
                parts.Add(part with { Values = values });
            }
        }

        if (faults.Count == 0)
        {
            return reading;
        }

        var rows = parts.SelectMany(part => part.Values).Select(value => reading.RowOf(value.Metric)).Distinct().Count();
        return reading with
        {
            Parts = parts,
            Rows = rows,
            Rejected = reading.Rejected + reading.Rows - rows,
            Faults = [.. reading.Faults, .. faults],
        };
    }

    private static ImportFault FaultOf(SheetFacts sheet, int row, string equipmentId, string metric, (Place First, Place Second) places) => new(
        ImportFault.DuplicateInFile,
        $"{places.First.Sheet} row {places.First.Row} and {places.Second.Sheet} row {places.Second.Row} give {equipmentId} different values of {metric} "
        + "for the same time; neither was taken. Correct the row. If they are two meters, send each sheet by itself (sheet) with ids of its own for its meters (equipment in the mapping).",
        sheet.Layout.Sheet, row, sheet.Layout.Columns.FirstOrDefault(column => (column.Metric == metric || column.IsSaidByRow)
            && (column is { EquipmentId: null, Part: null } || column.MeterOf(sheet.Layout.EquipmentId) == equipmentId))?.Header);

    private void Compare(List<SheetFacts> sheets, Func<SheetFacts, IEnumerable<ImportedReading>> read, string path)
    {
        File.Delete(path);
        using (new FileStream(path, PrivateFile.ToWrite()))
        {
        }

        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using (var create = connection.CreateCommand())
        {
            create.CommandText = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE value(equipment TEXT, metric TEXT, start INTEGER, length INTEGER, "
                + "value REAL, sheet INTEGER, row INTEGER, PRIMARY KEY(equipment, metric, start, length)) WITHOUT ROWID; BEGIN";
            create.ExecuteNonQuery();
        }

        using var values = new SheetValues(connection);
        for (var i = 0; i < sheets.Count; i++)
        {
            foreach (var reading in read(sheets[i]))
            {
                foreach (var part in reading.Parts)
                {
                    foreach (var value in part.Values)
                    {
                        var row = reading.RowOf(value.Metric);
                        if (values.FindOther(part, value, i, row) is { } other)
                        {
                            Note((part.EquipmentId, value.Metric, part.Start, part.Length), (new(sheets[other.Sheet].Layout.Sheet, other.Row), new(sheets[i].Layout.Sheet, row)));
                        }
                    }
                }
            }
        }
    }

    private void Note((string EquipmentId, string Metric, Instant Start, Duration Length) value, (Place First, Place Second) places)
    {
        if (_found.TryAdd(value, places) && _found.Count > Most)
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.DuplicateInFile,
                $"The sheets {places.First.Sheet} and {places.Second.Sheet} give more than {Most} different values for the same times. Send sheet to import one of them.",
                places.Second.Sheet));
        }
    }

    private static bool Overlap(SheetFacts one, SheetFacts other) =>
        one.Extent is { } first && other.Extent is { } second && first.From <= second.To && second.From <= first.To
        && MetersOf(one).Overlaps(MetersOf(other)) && MetricsOf(one).Overlaps(MetricsOf(other));

    private static HashSet<string> MetersOf(SheetFacts sheet) =>
        [.. FileScan.MetersOf(sheet).Select(meter => meter.EquipmentId)];

    private static HashSet<string> MetricsOf(SheetFacts sheet) => [.. FileScan.MappingOf(sheet).Select(column => column.Metric)];

    /// <summary>The first value of each time.</summary>
    private sealed class SheetValues : IDisposable
    {
        private readonly SqliteCommand _insert;
        private readonly SqliteCommand _find;

        public SheetValues(SqliteConnection connection)
        {
            _insert = Command(connection, "INSERT OR IGNORE INTO value VALUES($equipment, $metric, $start, $length, $value, $sheet, $row)");
            _find = Command(connection, "SELECT value, sheet, row FROM value WHERE equipment = $equipment AND metric = $metric AND start = $start AND length = $length");
        }

        /// <summary>Where another sheet has another number; null where none has, and this one is kept.</summary>
        public (int Sheet, int Row)? FindOther(Reading reading, MetricValue value, int sheet, int row)
        {
            Set(_insert, reading, value.Metric);
            (_insert.Parameters["$value"].Value, _insert.Parameters["$sheet"].Value, _insert.Parameters["$row"].Value) = (value.Value, sheet, row);
            if (_insert.ExecuteNonQuery() > 0)
            {
                return null;
            }

            Set(_find, reading, value.Metric);
            using var found = _find.ExecuteReader();
            found.Read();
            var first = found.GetDouble(0);
            return SameValue.Is((first, ReadingFlags.None), (value.Value, ReadingFlags.None)) ? null : (found.GetInt32(1), found.GetInt32(2));
        }

        public void Dispose()
        {
            _insert.Dispose();
            _find.Dispose();
        }

        private static SqliteCommand Command(SqliteConnection connection, string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var name in (string[])["$equipment", "$metric", "$start", "$length", "$value", "$sheet", "$row"])
            {
                if (sql.Contains(name, StringComparison.Ordinal))
                {
                    command.Parameters.AddWithValue(name, 0);
                }
            }

            return command;
        }

        private static void Set(SqliteCommand command, Reading reading, string metric)
        {
            var parameters = command.Parameters;
            (parameters["$equipment"].Value, parameters["$metric"].Value) = (reading.EquipmentId, metric);
            (parameters["$start"].Value, parameters["$length"].Value) = (reading.Start.ToUnixTimeTicks(), reading.Length.BclCompatibleTicks);
        }
    }
}
