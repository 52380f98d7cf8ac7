using System.Globalization;
using ClosedXML.Excel;
using Ems.Core.Storage;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Meters;
using Ems.Ingestion.Imports.Rows;
using NodaTime;

namespace Ems.Tests.Unit.Imports;

/// <summary>Runs both passes over a file and keeps what comes out.</summary>
internal sealed class ImportBench : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-import-").FullName;

    public FileFacts Facts { get; private set; } = null!;

    public List<ImportedReading> Items { get; } = [];

    public IReadOnlyList<Reading> Readings => [.. Items.SelectMany(item => item.Parts)];

    public static string RealFile(string name)
    {
        var folder = Environment.GetEnvironmentVariable("EMS_TEST_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "EMS_TEST_DATA names no folder with real files.");
        return Path.Combine(folder!, name);
    }

    /// <summary>The equipment that there is before.</summary>
    public KnownMeters Known { get; set; } = KnownMeters.None;

    public ImportBench Run(string path, ImportForm form)
    {
        var rows = Path.Combine(_folder, "test.rows");
        var zone = DateTimeZoneProviders.Tzdb[form.TimeZone ?? "UTC"];
        var scan = new FileScan(new TableFile(path, Path.GetFileName(path)), form, rows, Known);
        scan.Copy((_, _) => { }, TestContext.Current.CancellationToken);
        Facts = scan.Run(zone, TestContext.Current.CancellationToken);
        Items.AddRange(Facts.Sheets.SelectMany(sheet => new ReadingStream(sheet, rows, Path.Combine(_folder, "test.sorted"), zone, Facts.Delivered).Read()));
        return this;
    }

    public ImportBench RunText(string text, ImportForm? form = null, string fileName = "meter.csv")
    {
        var path = Path.Combine(_folder, fileName);
        File.WriteAllText(path, text);
        return Run(path, form ?? new ImportForm());
    }

    public IEnumerable<(Instant Start, double Value)> Values(string equipmentId, string metric) =>
        from reading in Readings
        where reading.EquipmentId == equipmentId
        from value in reading.Values
        where value.Metric == metric
        select (reading.Start, value.Value);

    /// <summary>Each value as <c>meter metric start length value</c>, in the order of their meters, metrics and starts; an instant has no length.</summary>
    public IReadOnlyList<string> Told =>
    [
        .. from reading in Readings
           from value in reading.Values
           orderby reading.EquipmentId, value.Metric, reading.Start, reading.Length
           select string.Create(
               CultureInfo.InvariantCulture,
               $"{reading.EquipmentId} {value.Metric} {reading.Start.ToDateTimeUtc():yyyy-MM-dd HH:mm}{Shown(reading.Length)} {Math.Round(value.Value, 6)}"),
    ];

    public IReadOnlyList<string> FaultCodes => [.. Items.SelectMany(item => item.Faults).Select(fault => fault.Code)];

    public string Assumed(string what) => string.Join("; ", Facts.Assumptions.Where(assumption => assumption.What == what).Select(assumption => assumption.Value));

    public ImportBench RunWorkbook(Action<XLWorkbook> fill, ImportForm? form = null, string fileName = "meter.xlsx")
    {
        var path = Path.Combine(_folder, fileName);
        using (var workbook = new XLWorkbook())
        {
            fill(workbook);
            workbook.SaveAs(path);
        }

        return Run(path, form ?? new ImportForm());
    }

    public ImportBench RunBytes(byte[] content, string fileName, ImportForm? form = null)
    {
        var path = Path.Combine(_folder, fileName);
        File.WriteAllBytes(path, content);
        return Run(path, form ?? new ImportForm());
    }

    private static string Shown(Duration length) =>
        length == Duration.Zero ? ""
        : length.TotalDays % 1 == 0 ? $" {length.TotalDays}d"
        : length.TotalHours % 1 == 0 ? $" {length.TotalHours}h"
        : $" {length.TotalMinutes}m";

    public double Sum(string equipmentId, string metric) => Values(equipmentId, metric).Sum(value => value.Value);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
