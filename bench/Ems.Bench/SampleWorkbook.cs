using System.Globalization;
using System.Text;
using Ems.Core.Tables;

namespace Ems.Bench;

/// <summary>A file of one meter with a time and seven values per row, each a minute after the one before.</summary>
internal sealed class SampleWorkbook : IDisposable
{
    public const int ValueColumns = 7;

    private static readonly DateTime Start = new(2024, 1, 1);

    private static readonly string[] Headers =
        ["Timestamp", "Voltage (V)", "Current (A)", "Power Factor", "Active Power (kW)", "Reactive Power (kVAR)", "Apparent Power (kVA)", "Frequency (Hz)"];

    private SampleWorkbook(string path, int rows) => (Path, RowCount) = (path, rows);

    public string Path { get; }

    public int RowCount { get; }

    public static SampleWorkbook Xlsx(int rows)
    {
        var path = NewPath(".xlsx");
        using var file = File.Create(path);
        TableFile.WriteXlsx(new Table("Readings", Headers, Enumerable.Range(0, rows).Select(RowOf)), file);
        return new SampleWorkbook(path, rows);
    }

    public static SampleWorkbook Csv(int rows)
    {
        var path = NewPath(".csv");
        using var file = new StreamWriter(path, append: false, Encoding.UTF8);
        file.WriteLine(string.Join(',', Headers));
        foreach (var row in Enumerable.Range(0, rows).Select(RowOf))
        {
            file.WriteLine(string.Join(',', row.Select(cell => cell is DateTime time
                ? time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
                : Convert.ToString(cell, CultureInfo.InvariantCulture))));
        }

        return new SampleWorkbook(path, rows);
    }

    public string Rows() => $"{RowCount:N0} rows";

    public void Dispose() => File.Delete(Path);

    public static IReadOnlyList<object?> RowOf(int row)
    {
        var (voltage, current, factor) = (Math.Round(230 + (3 * Math.Sin(row / 50.0)), 2), Math.Round(12 + (4 * Math.Sin(row / 700.0)), 3), 0.9);
        var apparent = Math.Round(voltage * current / 1000, 4);
        return
        [
            Start.AddMinutes(row), voltage, current, factor, Math.Round(apparent * factor, 4), Math.Round(apparent * 0.4359, 4), apparent,
            Math.Round(50 + (0.02 * Math.Sin(row / 9.0)), 3),
        ];
    }

    private static string NewPath(string extension) =>
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"ems-bench-{Guid.NewGuid():N}{extension}");
}
