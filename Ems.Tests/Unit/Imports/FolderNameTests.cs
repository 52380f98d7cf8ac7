using System.Globalization;
using System.IO.Compression;
using System.Text;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Folders of archives that say when files are of, and folders that say whose they are.</summary>
public sealed class FolderNameTests : IDisposable
{
    private readonly ImportBench _bench = new();
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("ems-folders-").FullName, "meters.zip");

    public void Dispose()
    {
        _bench.Dispose();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    [Theory]
    [InlineData("Export Q1", "Export Q2")]
    [InlineData("Q1", "Q2")]
    [InlineData("Quarter 1", "Quarter 2")]
    [InlineData("1. Quartal", "2. Quartal")]
    [InlineData("Week 05", "Week 06")]
    [InlineData("KW05", "KW06")]
    [InlineData("Woche 5", "Woche 6")]
    [InlineData("Month 01", "Month 02")]
    [InlineData("FY23-24", "FY24-25")]
    [InlineData("2024/01", "2024/02")]
    [InlineData("2024/01/01", "2024/01/02")]
    [InlineData("export_20240201", "export_20240301")]
    [InlineData("Meter Data 2023", "Meter Data 2024")]
    public void A_folder_of_a_time_makes_no_meter(string first, string second)
    {
        Import((first, "Main", 1, 10), (second, "Main", 2, 20));

        Assert.Equal(["Main"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct());
        Assert.Equal(48, _bench.Told.Count);
    }

    [Theory]
    [InlineData("Building A", "Building B", "Building A_Main", "Building B_Main")]
    [InlineData("Building A/2024/01", "Building B/2024/01", "Building A_Main", "Building B_Main")]
    [InlineData("Building A/Week 05", "Building B/Week 05", "Building A_Main", "Building B_Main")]
    [InlineData("1", "2", "1_Main", "2_Main")]
    [InlineData("01", "02", "01_Main", "02_Main")]
    [InlineData("H1", "H2", "H1_Main", "H2_Main")]
    [InlineData("W1", "W2", "W1_Main", "W2_Main")]
    [InlineData("Building 2024/1", "Building 2024/2", "Building_1_Main", "Building_2_Main")]
    [InlineData("Gas Q1", "Water Q1", "Gas Q1_Main", "Water Q1_Main")]
    public void A_folder_of_a_place_does(string first, string second, string meter, string other)
    {
        Import((first, "Main", 1, 10), (second, "Main", 1, 20));

        Assert.Equal([meter, other], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Equal(48, _bench.Told.Count);
    }

    private void Import(params (string Folder, string File, int Day, int Value)[] files)
    {
        using (var archive = ZipFile.Open(_path, ZipArchiveMode.Create))
        {
            foreach (var (folder, file, day, value) in files)
            {
                using var entry = archive.CreateEntry($"{folder}/{file}.csv").Open();
                entry.Write(Encoding.UTF8.GetBytes("Time,kWh\n" + string.Concat(Enumerable.Range(0, 24).Select(hour => string.Create(CultureInfo.InvariantCulture, $"2024-01-{day:00} {hour:00}:00,{value + (hour * 7 % 5)}\n")))));
            }
        }

        _bench.Run(_path, new ImportForm());
    }
}
