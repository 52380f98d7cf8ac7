using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClosedXML.Excel;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Functional;

public sealed partial class CorrectedRowsTests
{
    private async Task<(ImportHost Host, XLWorkbook Rejected)> RejectOnlyAsync(string folder, string name, string text)
    {
        var host = await ImportHost.StartAsync(Path.Combine(_folder.Path, folder));
        return (host, await DownloadAsync(host, await ImportAsync(host, name, Encoding.UTF8.GetBytes(text))));
    }

    [Theory]
    [InlineData("Hour", "00:00 - 01:00")]
    [InlineData("Meter", "Hall 1")]
    public async Task A_total_below_the_rows_of_a_matrix_is_none_of_them(string corner, string first)
    {
        string[] rows = [.. Enumerable.Range(0, 4).Select(row => corner == "Hour" ? $"{row:00}:00 - {row + 1:00}:00" : $"Hall {row + 1}")];
        var told = await CheckAsync("Main.csv", $"Daily kWh\n{corner},2024-03-05,2024-03-06,2024-03-07,2024-03-08\n{first},{{5}},6,6,6\n{string.Concat(rows.Skip(1).Select(row => $"{row},7,8,9,7\n"))}Total,26,30,33,27\n", NoFields);

        Assert.Equal(16, told.Count);
    }

    [Theory]
    [InlineData("Time,Verbrauch [kWh],Verbrauch Restbezug [kWh]\n2024-05-01 00:00,9,4\n2024-05-01 01:00,{8},5\n2024-05-01 02:00,7,3\n", "M")]
    [InlineData("Time,Verbrauch [kWh],Verbrauch Restbezug [kWh]\n2024-05-01 00:00,9,4\n2024-05-01 01:00,8,{5}\n2024-05-01 02:00,7,3\n", "M Verbrauch Restbezug")]
    [InlineData("Time,Usage (kWh),Export (kW)\n2024-05-01 00:00,9,4\n2024-05-01 01:00,{8},5\n2024-05-01 02:00,7,3\n", "M")]
    [InlineData("Time,Channel,kWh\n2024-05-01 00:00,Import,9\n2024-05-01 00:00,Export,4\n2024-05-01 01:00,Import,8\n2024-05-01 01:00,Export,{5}\n", "M Export")]
    [InlineData("Meter,Time,Channel,Value\nM,2024-05-01 00:00,Import (MWh),9\nM,2024-05-01 00:00,Export (MWh),4\nM,2024-05-01 00:00,kVArh,1\nM,2024-05-01 01:00,Import (MWh),8\nM,2024-05-01 01:00,Export (MWh),{5}\nM,2024-05-01 01:00,kVArh,1\n", "M Export (MWh)")]
    [InlineData("Meter,Time,OBIS,Value,Unit\nM,2024-05-01 00:00,1.8.0,9,kWh\nM,2024-05-01 00:00,2.8.0,4,kWh\nM,2024-05-01 01:00,1.8.0,8,kWh\nM,2024-05-01 01:00,2.8.0,{5},kWh\nM,2024-05-01 02:00,1.8.0,9,kWh\nM,2024-05-01 02:00,2.8.0,4,kWh\nM,2024-05-01 03:00,1.8.0,7,kWh\nM,2024-05-01 03:00,2.8.0,6,kWh\n", "M 2.8.0")]
    [InlineData("Meter,Time,Quantity,Value\nM,2024-05-01 00:00,Active Energy Delivered (kWh),9\nM,2024-05-01 00:00,Active Energy Received (kWh),4\nM,2024-05-01 00:00,Active Power (kW),9\nM,2024-05-01 01:00,Active Energy Delivered (kWh),{8}\nM,2024-05-01 01:00,Active Energy Received (kWh),5\nM,2024-05-01 01:00,Active Power (kW),8\n", "M")]
    [InlineData("Meter,Time,Quantity,Value\nM,2024-05-01 00:00,Active Energy Delivered (kWh),9\nM,2024-05-01 00:00,Active Energy Received (kWh),4\nM,2024-05-01 00:00,Active Power (kW),9\nM,2024-05-01 01:00,Active Energy Delivered (kWh),8\nM,2024-05-01 01:00,Active Energy Received (kWh),{5}\nM,2024-05-01 01:00,Active Power (kW),8\n", "M Active Energy Received (kWh)")]
    [InlineData("Object Name,Time,Value,Unit\nM kWh,2024-05-01 00:00,9,kWh\nM kW,2024-05-01 00:00,4,kW\nM kWh,2024-05-01 01:00,{8},kWh\nM kW,2024-05-01 01:00,4,kW\n", "M")]
    [InlineData("Meter,Time,kWh,CON/GEN\nM,2024-05-01 00:00,9,Consumption\nM,2024-05-01 00:00,4,Generation\nM,2024-05-01 01:00,{8},Consumption\nM,2024-05-01 01:00,5,Generation\n", "M")]
    [InlineData("Time,Hall 1 Actual kWh,Hall 1 N-1 kWh,Hall 2 Actual kWh,Hall 2 N-1 kWh\n2024-05-01 00:00,9,4,8,5\n2024-05-01 01:00,{8},5,7,6\n2024-05-01 02:00,7,3,9,4\n", "Hall 1 Actual")]
    [InlineData("Unit,MWh\n\nTime,Value\n2024-05-01 00:00,9\n2024-05-01 01:00,{8}\n2024-05-01 02:00,7\n", "M")]
    [InlineData("Time,1.29.0,Unit,3.29.0,Unit\n2024-05-01 00:00,9,MWh,1,kvarh\n2024-05-01 01:00,{8},MWh,1,kvarh\n2024-05-01 02:00,7,MWh,1,kvarh\n", "M")]
    public async Task Rows_are_of_the_part_and_the_unit_that_their_file_told(string text, string meter)
    {
        var told = await CheckAsync("M.csv", text, NoFields);

        Assert.Contains(told, one => one.StartsWith($"{meter} energy 01:00:00 2024-05-01T01:00:00Z", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Time,Usage (kWh),Export (kW)\n2024-05-01 00:00,9,4\n2024-05-01 01:00,8,{5}\n2024-05-01 02:00,7,3\n")]
    [InlineData("Time,Import (W),Export (W),Generation (W)\n2024-05-01 00:00,9,4,2\n2024-05-01 01:00,8,{5},2\n2024-05-01 02:00,7,3,2\n")]
    public async Task Powers_that_flow_out_are_of_their_own_meter_still(string text)
    {
        var told = await CheckAsync("M.csv", text, NoFields);

        Assert.Contains(told, one => one.StartsWith("M Export active_power 00:00:00 2024-05-01T01:00:00Z -", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Electricity (kWh) 2025-26\nMonth,Main kWh\nOct,9\nNov,8\nDec,7\nJan,{5}\nFeb,6\n", "2026-01-01")]
    [InlineData("Electricity (kWh) 2025-26\nMeter,Oct,Nov,Dec,Jan,Feb\nE1,9,8,7,{5},6\nE2,8,7,6,5,4\nE3,8,7,6,5,4\n", "2026-01-01")]
    [InlineData("Meter readings 2025 (kWh)\nMeter,Opening,Jan,Feb,Mar\nA,10000,11000,{12500},13700\nB,20000,21000,22500,23700\n", "2025-03-01")]
    [InlineData("Datum,Zählerstand (kWh),Verbrauch (kWh)\n01.01.2025,11000,900\n01.02.2025,12500,1500\n01.03.2025,{13700},1200\n01.04.2025,15000,1300\n01.05.2025,16100,1100\n01.06.2025,17000,900\n", "2025-03-01")]
    [InlineData("Date,Reading,Usage kWh\n2025-01-01,11000,900\n2025-02-01,12500,1500\n2025-03-01,13700,{1200}\n2025-04-01,15000,1300\n2025-05-01,16100,1100\n2025-06-01,17000,900\n", "2025-02-01")]
    public async Task Rows_are_of_the_year_and_the_end_of_the_month_that_their_file_told(string text, string start)
    {
        var told = await CheckAsync("M.csv", text, NoFields);

        Assert.Contains(told, one => one.Contains($" {start}T00:00:00Z ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("U.csv", "Utility,Building,Jan 2024 (kWh),Feb 2024 (kWh),Mar 2024 (kWh)\nElectricity,A,1,2,3\n,B,4,6,7\nGas,A,7,8,9\n,B,1,{5},2\n", "B gas energy 29.00:00:00 2024-02-01T00:00:00Z 5")]
    [InlineData("U.csv", "Building,Utility,Jan 2024 (kWh),Feb 2024 (kWh),Mar 2024 (kWh)\nA,Electricity,1,2,3\n,Gas,4,{5},7\nB,Electricity,7,8,9\n,Gas,1,3,2\n", "A gas energy 29.00:00:00 2024-02-01T00:00:00Z 5")]
    [InlineData("Log.csv", "Shifts kWh,,,\nDate,06:00,14:00,22:00\n2024-10-01,9,8,6\n2024-10-02,7,{5},8\n", "Log energy 08:00:00 2024-10-02T14:00:00Z 5")]
    [InlineData("Read.csv", "Readings Feb 2024,,,\nMeter,Previous reading,Current reading,Consumption (kWh)\nM1,1,4,3\nM2,1,6,{5}\nM3,1,8,7\n", "M2 energy 29.00:00:00 2024-02-01T00:00:00Z 5")]
    public async Task Rows_of_tables_kept_by_hand_are_what_their_file_said(string name, string text, string expected)
    {
        Assert.Contains(expected, await CheckAsync(name, text, NoFields));
    }

    /// <summary>A store with the broken file, and its rejected rows, corrected.</summary>
    private async Task<(ImportHost Host, XLWorkbook Corrected)> RejectAsync(string folder, string name, string text, params (string Name, string Value)[] fields)
    {
        var host = await ImportHost.StartAsync(Path.Combine(_folder.Path, folder));
        var workbook = await DownloadAsync(host, await ImportAsync(host, name, Written(text, corrected: false), fields));
        Correct(workbook, text);
        return (host, workbook);
    }

    /// <summary>What is stored after the broken file and its corrected rows, which is what the right file gives.</summary>
    /// <param name="back">Fields of the second import; null for those of the first.</param>
    private async Task<List<string>> CheckAsync(
        string name, string text, (string Name, string Value)[] fields, Func<ImportHost, Task>? before = null, Func<bool, byte[]>? file = null, (string, string)[]? back = null)
    {
        file ??= corrected => Written(text, corrected);
        await using var host = await ImportHost.StartAsync(Path.Combine(_folder.Path, "corrected"));
        await (before?.Invoke(host) ?? Task.CompletedTask);
        var job = await ImportAsync(host, name, file(false), fields);
        using var workbook = await DownloadAsync(host, job);
        Correct(workbook, text);
        var again = await ImportAsync(host, $"{Path.GetFileNameWithoutExtension(name)} rejected.xlsx", Bytes(workbook), back ?? fields);

        var told = await ToldAsync(host);
        Assert.Equal(await ToldOfRightAsync(name, file(true), fields, before), told);
        Assert.Equal((0, 0), (again.GetProperty("rows_rejected").GetInt32(), again.GetProperty("rows_changed").GetInt32()));
        return told;
    }

    private async Task<List<string>> ToldOfRightAsync(string name, byte[] file, (string Name, string Value)[] fields, Func<ImportHost, Task>? before = null)
    {
        await using var host = await ImportHost.StartAsync(Path.Combine(_folder.Path, "right"));
        await (before?.Invoke(host) ?? Task.CompletedTask);
        await ImportAsync(host, name, file, fields);
        return await ToldAsync(host);
    }

    /// <summary>All that is stored: meter, metric, length, start and value.</summary>
    private static async Task<List<string>> ToldAsync(ImportHost host)
    {
        var told = new List<string>();
        foreach (var series in await host.Store.ListSeriesAsync(null, null, TestContext.Current.CancellationToken))
        {
            var samples = await host.Store.ReadAsync(series.Key, series.FirstAt, series.EndAt + Duration.FromSeconds(1), 0, TestContext.Current.CancellationToken);
            told.AddRange(samples.Select(sample => string.Create(
                CultureInfo.InvariantCulture, $"{series.Key.EquipmentId} {series.Key.Metric} {sample.Length.ToTimeSpan()} {sample.Start} {Math.Round(sample.Value, 6)}")));
        }

        told.Sort(StringComparer.Ordinal);
        return told;
    }

    private static async Task<JsonElement> ImportAsync(ImportHost host, string name, byte[] content, params (string Name, string Value)[] fields)
    {
        var (status, job) = await host.ImportAsync(name, content, wait: true, fields);
        Assert.True(status == 200 && job.Text("state") == "completed", job.GetRawText());
        return job;
    }

    private static async Task<XLWorkbook> DownloadAsync(ImportHost host, JsonElement job)
    {
        using var answer = await host.Client.GetAsync(new Uri($"/jobs/{job.Text("id")}/rejected", UriKind.Relative), TestContext.Current.CancellationToken);
        return new XLWorkbook(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Puts the right values of a file where the broken ones are.</summary>
    private static void Correct(XLWorkbook workbook, string text)
    {
        var values = new Queue<double>(Marked().Matches(text).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
        Assert.NotEmpty(values);
        foreach (var cell in workbook.Worksheets.SelectMany(sheet => sheet.CellsUsed()).Where(cell => cell.GetString() == Broken))
        {
            cell.Value = values.Dequeue();
        }

        Assert.Empty(values);
    }

    private static string Plain(string text, bool corrected) => Marked().Replace(text, match => corrected ? match.Groups[1].Value : Broken);

    private static byte[] Written(string text, bool corrected) => Encoding.UTF8.GetBytes(Plain(text, corrected));

    private static void Fill(IXLWorksheet sheet, string text, bool corrected)
    {
        foreach (var (line, row) in Plain(text, corrected).Split('\n').Select((line, row) => (line.Split(','), row + 1)))
        {
            sheet.Cell(row, 1).Value = row == 1 ? line[0] : DateTime.Parse(line[0], CultureInfo.InvariantCulture);
            sheet.Cell(row, 2).Value = double.TryParse(line[1], CultureInfo.InvariantCulture, out var number) ? number : line[1];
        }
    }

    private static byte[] Bytes(XLWorkbook workbook)
    {
        using var stream = new MemoryStream();
        workbook.SaveAs(stream);
        return stream.ToArray();
    }

    /// <summary>Hours of a day, each with its number as its value.</summary>
    private static string Rows(string date, int count, params int[] broken) =>
        string.Join('\n', Enumerable.Range(0, count).Select(hour => $"{date} {hour:00}:00,{(broken.Contains(hour) ? $"{{{hour}}}" : hour)}"));

    [GeneratedRegex(@"\{(\d+)\}")]
    private static partial Regex Marked();

    /// <summary>A day whose rows are numbered.</summary>
    [GeneratedRegex(@"@(?<from>\d+)\.\.(?<to>\d+):(?<date>[0-9-]+)( broken (?<broken>[\d,]+))?")]
    private static partial Regex Days();

    private static string Day(Match day)
    {
        var (from, to) = (int.Parse(day.Groups["from"].Value, CultureInfo.InvariantCulture), int.Parse(day.Groups["to"].Value, CultureInfo.InvariantCulture));
        var broken = day.Groups["broken"].Value.Split(',');
        return string.Join('\n', Enumerable.Range(from, to - from + 1).Select(number =>
            $"{day.Groups["date"].Value},{number},{(broken.Contains($"{number}") ? $"{{{number % 9}}}" : number % 9)}"));
    }
}
