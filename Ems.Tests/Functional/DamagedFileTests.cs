using System.Globalization;
using System.IO.Compression;
using System.Text;
using Ems.Core.Tables;
using Ems.Tests.Unit.Files;

namespace Ems.Tests.Functional;

/// <summary>Files that a transfer cut off: nothing of them is stored, wherever they end.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ems-damaged-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(4_000)]
    [InlineData(60_000)]
    public async Task A_packed_file_that_is_cut_off_is_refused_and_nothing_of_it_stored(int missing)
    {
        await using var host = await ImportHost.StartAsync(_folder);

        await RefusedAsync(host, "m.csv.gz", Pack(Hours(0, 60_000))[..^missing]);
    }

    [Fact]
    public async Task A_packed_file_that_is_cut_off_in_its_first_rows_is_refused()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        var (status, problem) = await host.ImportAsync("m.csv.gz", Pack(Hours(0, 100))[..^20], wait: true);

        Assert.Equal((400, "INVALID_FILE_FORMAT"), (status, problem.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Of_joined_packed_files_all_are_read_and_a_cut_last_one_is_refused()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        byte[] joined = [.. Pack(Hours(0, 3_000)), .. Pack(Hours(3_000, 2_000, header: false))];

        await RefusedAsync(host, "m.csv.gz", joined[..^5_000]);
        var (_, job) = await host.ImportAsync("m.csv.gz", joined, wait: true);

        Assert.Equal(("completed", 5_000), (job.GetProperty("state").GetString(), job.GetProperty("rows_stored").GetInt32()));
    }

    [Fact]
    public async Task A_packed_file_in_an_archive_that_is_cut_off_is_refused()
    {
        await using var host = await ImportHost.StartAsync(_folder);

        await RefusedAsync(host, "m.zip", Archive("m.csv.gz", Pack(Hours(0, 60_000))[..^4_000]));
    }

    [Fact]
    public async Task A_member_of_an_archive_that_is_shorter_than_its_directory_says_is_refused()
    {
        await using var host = await ImportHost.StartAsync(_folder);
        var content = Hours(0, 100);
        var archive = Archive("m.csv", content, CompressionLevel.NoCompression);
        // The unpacked length in the directory.
        var entry = archive.AsSpan().IndexOf("PK\x01\x02"u8);
        BitConverter.TryWriteBytes(archive.AsSpan(entry + 24), content.Length + 50);

        var (status, problem) = await host.ImportAsync("m.zip", archive, wait: true);

        Assert.Equal((400, "INVALID_FILE_FORMAT"), (status, problem.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("m.zip", "m.csv")]
    [InlineData("m.xlsx", "xl/worksheets/sheet1.xml")]
    [InlineData("m.xlsb", "xl/worksheets/sheet1.bin")]
    public async Task A_packed_member_whose_bytes_are_not_those_that_were_packed_is_refused(string name, string member)
    {
        await using var host = await ImportHost.StartAsync(_folder);
        object?[][] rows = [["time", "kWh"], .. Enumerable.Range(0, 200).Select(object?[] (hour) => [new DateTime(2024, 1, 1).AddHours(hour), (hour % 7) + 1.0])];
        var archive = Path.GetExtension(name) switch
        {
            ".zip" => Archive(member, Hours(0, 200)),
            ".xlsx" => TableFile.ToXlsx(new Table("Data", ["time", "kWh"], rows.Skip(1))),
            _ => BinaryWorkbooks.Xlsb(is1904: false, ("Data", rows)),
        };
        // The last name is that of the directory; the checksum stands before it.
        var entry = archive.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(member)) - 46;
        Assert.Equal("PK\x01\x02"u8, archive.AsSpan(entry, 4));
        var (_, whole) = await host.ImportAsync(name, archive, wait: true, ("equipment_id", "whole"));
        archive[entry + 16] ^= 1;

        var (status, answer) = await host.ImportAsync(name, archive, wait: true, ("equipment_id", "broken"));

        Assert.True(whole.GetProperty("rows_stored").GetInt32() == 200, whole.ToString());
        var code = status == 200 ? Assert.Single(answer.GetProperty("errors").EnumerateArray()).GetProperty("code") : answer.GetProperty("code");
        Assert.Equal("INVALID_FILE_FORMAT", code.GetString());
        Assert.Equal(["whole"], (await host.Store.ListSeriesAsync(null, null, Cancel)).Select(series => series.Key.EquipmentId));
    }

    private static async Task RefusedAsync(ImportHost host, string name, byte[] content)
    {
        var (_, job) = await host.ImportAsync(name, content, wait: true);

        Assert.Equal(("failed", 0), (job.GetProperty("state").GetString(), job.GetProperty("rows_stored").GetInt32()));
        Assert.Equal("INVALID_FILE_FORMAT", Assert.Single(job.GetProperty("errors").EnumerateArray()).GetProperty("code").GetString());
        Assert.Empty(await host.Store.ListSeriesAsync(null, null, Cancel));
    }

    private static byte[] Hours(int first, int count, bool header = true)
    {
        var text = new StringBuilder(header ? "timestamp,kWh\n" : "");
        for (var i = first; i < first + count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{new DateTime(2015, 1, 1).AddHours(i):yyyy-MM-dd HH:mm},{i * 7919 % 100_003 / 100.0}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private static byte[] Archive(string name, byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var member = archive.CreateEntry(name, level).Open();
            member.Write(content);
        }

        return file.ToArray();
    }
}
