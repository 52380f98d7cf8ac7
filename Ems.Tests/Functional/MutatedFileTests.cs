using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Ems.Tests.Contracts;
using Ems.Tests.EndToEnd;
using Ems.Tests.Unit.Files;
using Ems.Tests.Unit.Imports;

namespace Ems.Tests.Functional;

/// <summary>Real files with something broken in them: each is imported or refused with a reason, and none ends or stops the service.</summary>
public sealed class MutatedFileTests : IDisposable
{
    private const int MostRowsOfText = 60;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    // Others may take the processor for a while: a file that hangs does it each time.
    private const int Attempts = 5;

    private static readonly string[] Files =
    [
        "original/EMS_Energy_Meter_Data.xlsx", "xlsx/example-pm-monthly-meter-usage.xlsx", "xlsx/example-pm-data-request-with-meters.xlsx",
        "xlsx/example-data-properties-unicode.xlsx", "other/example-GreenButton-data.xml", "meters/nmecr_school_2018_hourly_kWh.csv",
        "meters/taltech_ICT_hourly_kWh.csv", "meters/ETTh1.csv", "xlsx/portfolio-manager-sample.xls",
    ];

    private static readonly object?[][] Meter =
    [
        ["time", "kWh"], .. Enumerable.Range(0, 40).Select(object?[] (hour) => [new DateTime(2024, 1, 1).AddHours(hour), hour == 7 ? new DivideByZeroException() : (hour % 9) * 1.5]),
    ];

    // Two dates beside each other, times in the headers, and times that are those of no interval.
    private static readonly (string Name, byte[] Content)[] Texts =
    [
        ("bills.csv", Text("Start Date,End Date,Usage (kWh)", 12, month => $"2024-{month + 1:00}-01,{(month < 11 ? $"2024-{month + 2:00}-01" : "2025-01-01")},{400 + (month * 7 % 90)}")),
        ("hours.csv", Text($"Meter,Date,{string.Join(',', Enumerable.Range(0, 24).Select(hour => $"{hour:00}:00"))}", 14, day =>
            $"M{day % 2},2024-03-{(day / 2) + 1:00},{string.Join(',', Enumerable.Range(0, 24).Select(hour => 1 + ((day + hour) * 5 % 7)))}")),
        ("sessions.csv", Text("Session,Charger,Plug-in time,Plug-out time,Energy (kWh)", 20, session =>
            $"{9000 + session},C{session % 3},2024-05-{session + 1:00} 08:{session:00},2024-05-{session + 1:00} 11:3{session % 10},{8 + (session * 3 % 11)}.5")),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_broken_file_is_imported_or_refused_and_never_an_error_of_the_service()
    {
        var count = LongRun.IsOn ? 20_000 : 2_000;
        List<(string Name, byte[] Content)> sources =
        [
            .. Files.Select(file => (Path.GetFileName(file), Content(ImportBench.RealFile(file)))),
            ("meter.xls", BinaryWorkbooks.Xls(is1904: false, ("Data", Meter))),
            ("meter.xlsb", BinaryWorkbooks.Xlsb(is1904: false, ("Data", Meter))),
            .. Texts,
            ("meters.zip", Packed(Files.Where(file => file.EndsWith(".csv", StringComparison.Ordinal)))),
        ];
        await using var host = await ImportHost.StartAsync(_folder.Path);
        var (taken, refused) = (0, 0);
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            var (name, content) = sources[random.Next(sources.Count)];
            var broken = Path.GetExtension(name) is ".xlsx" or ".xlsb" or ".zip" && random.Next(4) > 0 ? BreakPart(random, content) : Break(random, content);

            var (status, job) = await ImportAsync(host, name, broken, $"Seed {seed}: {name}");

            var state = status == 200 ? job.Text("state") : job.Text("code");
            Assert.True(status is 200 or 400 or 413, $"Seed {seed}: {name} gave {status} {state}");
            Assert.True(state is not "queued" and not "running", $"Seed {seed}: {name} did not end");
            taken += state == "completed" ? 1 : 0;
            refused += state == "completed" ? 0 : 1;
        }

        Assert.True(taken > count / 20 && refused > count / 20, $"{taken} taken, {refused} refused");
    }

    private static async Task<(int Status, JsonElement Job)> ImportAsync(ImportHost host, string name, byte[] content, string what)
    {
        TimeSpan took = default;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var since = Stopwatch.GetTimestamp();
            var answer = await host.ImportAsync(name, content, wait: true);
            took = Stopwatch.GetElapsedTime(since);
            if (took < Longest)
            {
                return answer;
            }
        }

        throw new TimeoutException($"{what} took {took} the last of {Attempts} times.");
    }

    private static byte[] Text(string headers, int rows, Func<int, string> row) => Encoding.UTF8.GetBytes($"{headers}\n{string.Concat(Enumerable.Range(0, rows).Select(i => $"{row(i)}\n"))}");

    private static byte[] Packed(IEnumerable<string> files) =>
        FileBench.Zip([.. files.Select(file => (Path.GetFileName(file), Content(ImportBench.RealFile(file))))]);

    /// <summary>Small ones whole, of texts the first rows.</summary>
    private static byte[] Content(string path) => path.EndsWith(".csv", StringComparison.Ordinal)
        ? Encoding.UTF8.GetBytes(string.Join('\n', File.ReadLines(path).Take(MostRowsOfText)) + "\n")
        : File.ReadAllBytes(path);

    /// <summary>Breaks what is packed in a workbook, and packs it again: a checksum would notice else.</summary>
    private static byte[] BreakPart(Random random, byte[] workbook)
    {
        using var result = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(workbook)))
        using (var to = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            var broken = from.Entries[random.Next(from.Entries.Count)];
            foreach (var entry in from.Entries)
            {
                using var content = new MemoryStream();
                using (var packed = entry.Open())
                {
                    packed.CopyTo(content);
                }

                using var copy = to.CreateEntry(entry.FullName, CompressionLevel.Fastest).Open();
                copy.Write(entry == broken ? Break(random, content.ToArray()) : content.ToArray());
            }
        }

        return result.ToArray();
    }

    private static byte[] Break(Random random, byte[] content)
    {
        var bytes = content.ToList();
        for (var times = random.Next(1, 6); times > 0 && bytes.Count > 8; times--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length));
                    break;
                case 3:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 4:
                    bytes.InsertRange(at, "0,;\"\n<&-9e999"u8[random.Next(12)..].ToArray());
                    break;
                default:
                    if (random.Next(10) == 0)
                    {
                        bytes.RemoveRange(at, bytes.Count - at);
                    }

                    break;
            }
        }

        return [.. bytes];
    }
}
