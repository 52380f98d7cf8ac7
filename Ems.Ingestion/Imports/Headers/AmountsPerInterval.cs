using Ems.Core.Metering;
using Ems.Ingestion.Imports.Mappings;
using Ems.Ingestion.Imports.Subjects;
using Ems.Ingestion.Imports.Tables;
using NodaTime;

namespace Ems.Ingestion.Imports.Headers;

/// <summary>Columns whose headers say in what time their amounts flow: <c>kWh/day</c>, <c>l/h</c>.</summary>
internal static class AmountsPerInterval
{
    /// <summary>Why a column whose header says what it measures holds no amounts of its rows and no states; null where it may.</summary>
    public static string? WhyNot(HeaderReading reading, SheetTable table, ColumnEvidence evidence) =>
        reading.IsFlow ? $"it is what flows at a time, and of flows there is a metric for air alone; send {(MayBeAir(reading) ? "metric airflow if it is air, else " : "")}what has flowed, as an amount of each row or as a register"
        // Rejected rows are as long as those of their file, in which they were values.
        : table.Told is null && reading is { Metric: null or { Kind: not QuantityKind.Level }, Per: { } per } && evidence.StepOfRows() is var step && !(step == per || (step is null && per < Duration.FromDays(1)))
            ? $"it has amounts per {ShownAs(per)}, and its rows {(step is { } other ? $"come every {ShownAs(other)}" : "do not say how long they are")}: send metric and unit if each value is the amount of its row"
        : null;

    /// <summary>Why a column of shorter rows that is headed as the amount of a day is none of them: it has what the day has so far. Null where it may be.</summary>
    public static string? WhySoFar(int column, HeaderReading reading, SheetTable table, SubjectColumns subject, ColumnEvidence evidence) =>
        table.Told is null && reading is { Metric: { Kind: QuantityKind.Interval, Dimension: Dimension.Energy } } && new HeaderWords(table.HeaderOf(column)).Any("daily", "today", "heute", "tagesertrag", "tagesenergie", "eday")
            && evidence.StepOfRows() < Duration.FromDays(1) && evidence.MostlyRises(column, subject)
            ? "it has what its day has counted so far, in rows of less than a day: send what each row counts, the last row of each day, or a register that goes on" : null;

    private static bool MayBeAir(HeaderReading reading) => reading.Unit is { Dimension: Dimension.VolumeFlow } && Carriers.Find(reading.Rest) is null;

    private static string ShownAs(Duration length) => length == Duration.FromDays(1) ? "day" : length == Duration.FromHours(1) ? "hour"
        : length.TotalDays % 1 == 0 ? $"{length.TotalDays} days" : $"{length.TotalMinutes:0.##} minutes";
}
