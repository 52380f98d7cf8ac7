using System.Text.Json.Serialization;
using Ems.Core.Metering;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports.Layouts;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;
using Ems.Ingestion.Jobs;
using Ems.Ingestion.Quality;
using Ems.Ingestion.Readings;
using NodaTime;

namespace Ems.Ingestion.Imports;

/// <summary>Everything a job has to know to be gone on with by any process, kept as the job's body.</summary>
/// <param name="Spool">Name of the upload in the spool folder.</param>
/// <param name="TimeZone">IANA name, decided once; null until the file's meters tell it.</param>
internal sealed record ImportJob(string FileName, string Spool, ImportForm Form, string? TimeZone) : JobBody
{
    private const int MaxErrors = 100;

    public int? RowsTotal { get; init; }

    /// <summary>Rows of the file that were looked at so far.</summary>
    public int RowsRead { get; init; }

    /// <summary>Rows that were stored, rejected or left out.</summary>
    public int RowsDone { get; init; }

    /// <summary>Rows dealt with in a second, by the process that deals with them now; looked at, until the first of them are stored.</summary>
    public double? RowsPerSecond { get; init; }
    public long RowsStored { get; init; }
    public long RowsDuplicate { get; init; }
    public long RowsChanged { get; init; }
    public long RowsRejected { get; init; }
    public double Percentage { get; init; }

    /// <summary>Null until the pace is known.</summary>
    [JsonIgnore]
    public double? SecondsLeft => RowsPerSecond is not > 0 ? null
        : RowsDone == 0 && Percentage > 0 ? Math.Round(RowsRead / RowsPerSecond.Value * (100 - Percentage) / Percentage, 1)
        : RowsTotal is { } total ? Math.Round((total - RowsDone) / RowsPerSecond.Value, 1) : null;
    public IReadOnlyList<ValueColumn> Mapping { get; init; } = [];

    /// <summary>The profile that the file is read by, or that keeps its mapping.</summary>
    public string? Profile { get; init; }

    /// <summary>The profile as it was before this import kept its mapping in it; null where there was none.</summary>
    public StoredProfile? ProfileBefore { get; init; }

    /// <summary>Equipment that was at no site before this import, and the site that it was taken to.</summary>
    public IReadOnlyDictionary<string, string> PlacedAt { get; init; } = new Dictionary<string, string>();

    /// <summary>Marks of the values that such equipment had then.</summary>
    public IReadOnlyDictionary<string, string> Held { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether what columns mean came with the file, and is kept when the import ends well.</summary>
    public bool KeepsMapping { get; init; }
    public IReadOnlyList<ImportAssumption> Assumptions { get; init; } = [];

    /// <summary>Cells without a value, by what stands in them.</summary>
    public IReadOnlyDictionary<string, long> Gaps { get; init; } = new Dictionary<string, long>();

    /// <summary>Readings by flag; of what is found by comparison with others, values.</summary>
    public IReadOnlyDictionary<string, long> Flags { get; init; } = new Dictionary<string, long>();

    /// <summary>Where it stored or changed what meters are balanced by.</summary>
    public IReadOnlyList<WrittenRange> Changes { get; init; } = [];

    /// <summary>W3C trace context of the upload.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Processes that took the job since it last stored something.</summary>
    public int Attempts { get; init; }

    /// <summary>What ended the last attempt; null where none did.</summary>
    public string? Failure { get; init; }

    /// <summary>Attempts that it ended in a row since something was stored.</summary>
    public int Failures { get; init; }

    /// <summary>Readings of the stream that are dealt with: where a process that takes over goes on.</summary>
    public long Position { get; init; }

    public static new ImportJob From(string body) => (ImportJob)JobBody.From(body);

    /// <summary>Whether rows were rejected, or cells of them.</summary>
    [JsonIgnore]
    public bool HasRejectedRows => RowsRejected > 0 || (Position > 0 && Errors.Any(error => error.Row is not null));

    /// <summary>The job with a fault that is shown however many there are.</summary>
    public ImportJob WithFault(ImportFault fault) => this with { Errors = [.. Errors.Take(MaxErrors - 1), fault] };

    /// <summary>The job after these readings were stored with these outcomes, one for each part in order.</summary>
    public ImportJob After(IReadOnlyList<ImportedReading> readings, IReadOnlyList<WriteOutcome> outcomes)
    {
        var next = 0;
        long stored = 0, duplicate = 0, changed = 0, rejected = 0;
        var changes = Changes.ToDictionary(range => range.Series);
        var flagged = new Dictionary<ReadingFlags, long>();
        foreach (var reading in readings)
        {
            duplicate += reading.Duplicates;
            rejected += reading.Rejected;
            if (reading.Parts.Count == 0)
            {
                continue;
            }

            var (isChanged, isStored) = (false, false);
            for (var end = next + reading.Parts.Count; next < end; next++)
            {
                isChanged |= outcomes[next] == WriteOutcome.Changed;
                isStored |= outcomes[next] == WriteOutcome.Stored;
                if (outcomes[next] is WriteOutcome.Changed or WriteOutcome.Stored)
                {
                    Note(changes, reading.Parts[^(end - next)]);
                }
            }

            changed += isChanged ? reading.Rows : 0;
            stored += isStored && !isChanged ? reading.Rows : 0;
            duplicate += isStored || isChanged ? 0 : reading.Rows;
            var found = reading.Parts[0].Flags;
            flagged[found] = flagged.GetValueOrDefault(found) + 1;
        }

        var done = Math.Max(RowsDone, readings.Count == 0 ? 0 : readings.Max(reading => reading.Ordinal));
        return this with
        {
            RowsStored = RowsStored + stored,
            RowsDuplicate = RowsDuplicate + duplicate,
            RowsChanged = RowsChanged + changed,
            RowsRejected = RowsRejected + rejected,
            RowsDone = done,
            Percentage = RowsTotal is > 0 ? PercentageOf(1, (double)done / RowsTotal.Value) : Percentage,
            Errors = Errors.Count >= MaxErrors ? Errors : [.. Errors.Concat(readings.SelectMany(reading => reading.Faults)).Take(MaxErrors)],
            Flags = Counted(flagged),
            Changes = [.. changes.Values],
            Attempts = 0,
            Failures = 0,
            Position = Position + readings.Count,
        };
    }

    /// <summary>The job after a share of the file was looked at.</summary>
    public ImportJob WithRead(int rows, double share) => rows > RowsRead
        ? this with { RowsRead = rows, Percentage = Math.Max(Percentage, PercentageOf(share, 0)) }
        : this;

    /// <summary>Looking through the file is about a third of the work.</summary>
    private static double PercentageOf(double read, double done) => Math.Round((30 * Math.Clamp(read, 0, 1)) + (70 * Math.Clamp(done, 0, 1)), 1);

    /// <summary>The job that takes equipment to sites; one that goes on after a kill may have said so before.</summary>
    public ImportJob PlacedTo(IReadOnlyList<HomelessEquipment> homeless) => this with
    {
        PlacedAt = homeless.Select(one => KeyValuePair.Create(one.Id, one.Site)).UnionBy(PlacedAt, one => one.Key).ToDictionary(),
        Held = homeless.Where(one => one.Held is not null).Select(one => KeyValuePair.Create(one.Id, one.Held!)).UnionBy(Held, one => one.Key).ToDictionary(),
    };

    /// <summary>The job after its values were compared with others, for the first time or again.</summary>
    public ImportJob Checked(IReadOnlyDictionary<ReadingFlags, long> found) => this with
    {
        Flags = Flags.ExceptBy(FlagNames.Of(ReadingFlagSets.Found), flag => flag.Key)
            .Concat(found.Select(one => KeyValuePair.Create(FlagNames.Of(one.Key)[0], one.Value)))
            .ToDictionary(),
    };

    private static void Note(Dictionary<SeriesKey, WrittenRange> changes, Reading part)
    {
        foreach (var metric in part.Values.Select(value => value.Metric).Where(BalanceCheck.Balances))
        {
            var key = new SeriesKey(part.EquipmentId, metric, NominalLength.Of(part.Length));
            var range = changes.GetValueOrDefault(key) ?? new WrittenRange(key, part.Start, part.Start);
            changes[key] = range with { First = Instant.Min(range.First, part.Start), Last = Instant.Max(range.Last, part.Start) };
        }
    }

    private Dictionary<string, long> Counted(Dictionary<ReadingFlags, long> found)
    {
        var flags = new Dictionary<string, long>(Flags);
        foreach (var (combination, readings) in found)
        {
            foreach (var name in FlagNames.Of(combination))
            {
                flags[name] = flags.GetValueOrDefault(name) + readings;
            }
        }

        return flags;
    }
}
