using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Ems.Ingestion.Files;
using ExcelDataReader;
using Microsoft.Data.Sqlite;

namespace Ems.Bench.Measurements;

/// <summary>Reading and importing 200,000 rows of 8 columns.</summary>
internal static class FileBenchmark
{
    private const int Rows = 200_000;
    private const string BareReader = "bare ExcelDataReader loop";
    private const string Pandas = "pandas read_excel";
    private const string ImportXlsx = "import of .xlsx, upload to stored";
    private const string SettleXlsx = "import of .xlsx, to rolled up and announced";
    private const string ImportCsv = "import of .csv, upload to stored";
    private const string BareInserts = "bare SQLite inserts of the same values";
    private const string ParseXlsx = "our parser, .xlsx";
    private const string ParseCsv = "our parser, .csv";

    /// <summary>The one on PATH, then the system's own.</summary>
    private static readonly string[] Pythons = ["python3", "/usr/bin/python3"];

    public static async Task RunAsync(int rounds)
    {
        using var xlsx = SampleWorkbook.Xlsx(Rows);
        using var csv = SampleWorkbook.Csv(Rows);
        using var warm = SampleWorkbook.Xlsx(5_000);
        await using var monolith = (await RunningProgram.StartAsync("Ems.Monolith")).Program;
        await Upload.ImportAsync(monolith.Http, warm);
        var results = new Results($"{Rows:N0} rows of 8 columns");
        for (var round = 0; round < rounds; round++)
        {
            results.Add(BareReader, PerSecond(() => ReadBare(xlsx.Path)));
            var stored = await Upload.ImportAsync(monolith.Http, xlsx);
            results.Add(ImportXlsx, Rows / stored.TotalSeconds);
            results.Add(SettleXlsx, Rows / (stored + await Upload.SettleAsync(monolith.Folder)).TotalSeconds);
            results.Add(ParseXlsx, PerSecond(() => Parse(xlsx.Path)));
            results.Add(ParseCsv, PerSecond(() => Parse(csv.Path)));
            results.Add(BareInserts, PerSecond(InsertBare));
            results.Add(ImportCsv, Rows / (await Upload.ImportAsync(monolith.Http, csv)).TotalSeconds);
            await Upload.SettleAsync(monolith.Folder);
            if (ReadWithPandas(xlsx.Path) is { } seconds)
            {
                results.Add(Pandas, Rows / seconds);
            }
        }

        results.Print("rows/s");
        results.PrintRatio(ImportXlsx, BareReader, "at least 0.5");
        results.PrintRatio(SettleXlsx, BareReader, "at least 0.5");
        if (results.Has(Pandas))
        {
            results.PrintRatio(SettleXlsx, Pandas, "at least 1.5");
        }

        results.PrintRatio(ParseCsv, ParseXlsx, "at least 3");
        results.PrintRatio(ImportCsv, BareInserts, "at least 0.5");
    }

    private static double PerSecond(Action work)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        work();
        return Rows / TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds;
    }

    private static void ReadBare(string path)
    {
        System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);
        using var reader = ExcelReaderFactory.CreateReader(File.OpenRead(path));
        var rows = 0;
        while (reader.Read())
        {
            for (var column = 0; column < reader.FieldCount; column++)
            {
                _ = reader.GetValue(column);
            }

            rows++;
        }

        Check(rows);
    }

    private static void Parse(string path)
    {
        using var source = new TableFile(path, Path.GetFileName(path)).Open();
        var rows = 0;
        while (source.ReadRow())
        {
            rows += source.Cells.Count > 0 ? 1 : 0;
        }

        Check(rows);
    }

    private static void Check(int rows)
    {
        if (rows != Rows + 1)
        {
            throw new InvalidOperationException($"{rows} rows were read.");
        }
    }

    /// <summary>With the pragmas of the store, in transactions of 10,000 rows of values.</summary>
    private static void InsertBare()
    {
        var folder = Directory.CreateTempSubdirectory("ems-bench-");
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "bare.db")};Pooling=False"))
        {
            connection.Open();
            Execute(connection, """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;
                CREATE TABLE value(series INTEGER NOT NULL, start INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY(series, start)) STRICT, WITHOUT ROWID;
                """);
            foreach (var rows in Enumerable.Range(0, Rows).Chunk(10_000 / SampleWorkbook.ValueColumns))
            {
                Insert(connection, rows);
            }
        }

        folder.Delete(recursive: true);
    }

    private static void Insert(SqliteConnection connection, int[] rows)
    {
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO value(series, start, value) VALUES ($series, $start, $value)";
        var series = insert.Parameters.Add("$series", SqliteType.Integer);
        var start = insert.Parameters.Add("$start", SqliteType.Integer);
        var value = insert.Parameters.Add("$value", SqliteType.Real);
        foreach (var cells in rows.Select(SampleWorkbook.RowOf))
        {
            for (var column = 1; column < cells.Count; column++)
            {
                (series.Value, start.Value, value.Value) = (column, ((DateTime)cells[0]!).Ticks / TimeSpan.TicksPerMillisecond, cells[column]);
                insert.ExecuteNonQuery();
            }
        }

        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <returns>Seconds that read_excel took within Python; null where no Python has pandas.</returns>
    private static double? ReadWithPandas(string path)
    {
        const string script = "import sys, time, pandas; t = time.time(); n = len(pandas.read_excel(sys.argv[1])); print(time.time() - t if n == 200000 else 0)";
        foreach (var python in Pythons)
        {
            if (RunScript(python, script, path) is { } seconds)
            {
                return seconds;
            }
        }

        return null;
    }

    private static double? RunScript(string python, string script, string path)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(python, ["-c", script, path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? double.Parse(output, CultureInfo.InvariantCulture) : null;
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return null;
        }
    }
}
