using ClosedXML.Excel;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;
using Ems.Tests.Unit.Files;

namespace Ems.Tests.Unit.Imports;

/// <summary>Merged cells of workbooks below the headers: only the first one has what they say.</summary>
public sealed class MergedCellTests : IDisposable
{
    private const int Days = 6;

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_merged_date_is_that_of_all_its_rows(bool isText)
    {
        _bench.RunWorkbook(book => Fill(book, ["Date", "Meter", "kWh"], ["Main", "North", "South"], isText));

        Assert.Equal(3 * Days, _bench.Told.Count);
        Assert.Equal([10.0, 13, 16, 19, 22, 25], _bench.Values("Main", "energy").Select(value => value.Value));
        Assert.Equal([12.0, 15, 18, 21, 24, 27], _bench.Values("South", "energy").Select(value => value.Value));
    }

    [Fact]
    public void A_merged_meter_and_its_merged_date_are_those_of_all_their_rows()
    {
        _bench.RunWorkbook(book =>
        {
            var sheet = book.AddWorksheet("Data");
            Write(sheet, 1, "Meter", "Date", "Hour", "kWh");
            for (var row = 2; row < 2 + (2 * 24); row++)
            {
                var hour = (row - 2) % 24;
                Write(sheet, row, hour == 0 ? $"Hall {(row - 2) / 24}" : null, hour == 0 ? new DateTime(2024, 2, 1) : null, hour, 5 + (row % 7));
            }

            sheet.Range("A2:A25").Merge();
            sheet.Range("B2:B25").Merge();
            sheet.Range("A26:A49").Merge();
            sheet.Range("B26:B49").Merge();
        });

        Assert.Equal(["Hall 0", "Hall 1"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Equal(24, _bench.Values("Hall 1", "energy").Count());
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("Early", "Late", "Night", "part")]
    [InlineData("Early", "Late", "Night", "equipment")]
    [InlineData("HT", "NT", "Off", "part")]
    public void Shifts_of_a_merged_date_are_no_whole_days_and_the_advice_works(string one, string two, string three, string role)
    {
        void Write(XLWorkbook book) => Fill(book, ["Date", "Shift", "kWh"], [one, two, three]);
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunWorkbook(Write)).Fault;

        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
        Assert.Contains($"role {role}", fault.Message.Replace($", {role}", $", role {role}", StringComparison.Ordinal), StringComparison.Ordinal);
        _bench.RunWorkbook(Write, new ImportForm { Mapping = new ImportMapping { Columns = [new("Shift") { Role = Enum.Parse<ColumnRole>(role, ignoreCase: true) }] } });
        Assert.Equal(3 * Days, _bench.Told.Count);
        Assert.Equal(3, _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
    }

    [Fact]
    public void Shifts_of_a_merged_date_that_say_their_hours_are_those()
    {
        _bench.RunWorkbook(book => Fill(book, ["Date", "Shift", "kWh"], ["06:00-14:00", "14:00-22:00", "22:00-06:00"]));

        Assert.Equal(["meter energy 2024-02-01 06:00 8h 10", "meter energy 2024-02-01 14:00 8h 11", "meter energy 2024-02-01 22:00 8h 12"], _bench.Told.Take(3));
        Assert.Equal(3 * Days, _bench.Told.Count);
    }

    [Theory]
    [InlineData("Subtotal")]
    [InlineData("Total")]
    [InlineData("Summe")]
    [InlineData("Average")]
    [InlineData("Max")]
    [InlineData("Day total")]
    [InlineData("Tagessumme")]
    [InlineData("Budget")]
    [InlineData("Network charge")]
    public void What_sums_up_the_rows_of_a_merged_date_is_none_of_them(string total)
    {
        _bench.RunWorkbook(book => Fill(book, ["Date", "Meter", "kWh"], ["Main", "North", total]));

        Assert.Equal(["Main", "North"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Equal(2 * Days, _bench.Told.Count);
    }

    [Theory]
    [InlineData("Net", 1)]
    [InlineData("Netto", 1)]
    [InlineData("Net", -1)]
    [InlineData("Saldo", -1)]
    public void What_is_net_is_none_of_the_meters_whose_sum_or_difference_it_is(string name, int sign)
    {
        _bench.RunWorkbook(book => Fill(book, ["Date", "Meter", "kWh"], ["Main", "Hall", name], valueOf: i => (i % 3) switch { 0 => 30 + i, 1 => 7, _ => 30 + i - 2 + (sign * 7) }));

        Assert.Equal(["Hall", "Main"], _bench.Readings.Select(reading => reading.EquipmentId).Distinct().Order());
        Assert.Equal(2 * Days, _bench.Told.Count);
    }

    [Fact]
    public void A_meter_that_is_called_net_stays_where_it_is_no_sum()
    {
        _bench.RunWorkbook(book => Fill(book, ["Date", "Meter", "kWh"], ["Main", "Hall", "Net"]));

        Assert.Equal(3 * Days, _bench.Told.Count);
    }

    [Theory]
    [InlineData("Shift", 1, 2, 3)]
    [InlineData("Schicht", "1", "2", "3")]
    [InlineData("Shift", "A (06-14)", "B (14-22)", "C (22-06)")]
    public void Shifts_by_number_are_asked_about_and_either_answer_is_taken(string header, object one, object two, object three)
    {
        foreach (var isWide in (bool[])[false, true])
        {
            void Write(XLWorkbook book) => Fill(book, isWide ? ["Date", header, "Main kWh", "Hall kWh"] : ["Date", header, "kWh"], [one, two, three]);
            var fault = Assert.Throws<ImportFaultException>(() => _bench.RunWorkbook(Write)).Fault;

            Assert.Equal((ImportFault.AmbiguousMapping, header), (fault.Code, fault.Column));
            Assert.Contains("06:00-14:00", fault.Message, StringComparison.Ordinal);
            foreach (var role in (ColumnRole[])[ColumnRole.Part, ColumnRole.Equipment])
            {
                using var bench = new ImportBench();
                bench.RunWorkbook(Write, new ImportForm { Mapping = new ImportMapping { Columns = [new(header) { Role = role }] } });
                Assert.Equal((isWide ? 2 : 1) * 3, bench.Readings.Select(reading => reading.EquipmentId).Distinct().Count());
                Assert.Equal((isWide ? 2 : 1) * 3 * Days, bench.Told.Count);
            }
        }
    }

    [Theory]
    [InlineData("Subtotal")]
    [InlineData("Average")]
    [InlineData("Day total")]
    public void What_sums_up_the_one_row_of_a_merged_date_takes_nothing_from_it(string total)
    {
        _bench.RunWorkbook(book => Fill(book, ["Date", "Area", "kWh"], ["Main", total]));

        Assert.Equal([10.0, 12, 14, 16, 18, 20], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value));
    }

    [Theory]
    [InlineData("Date,Shift,kWh", "Early", "Late")]
    [InlineData("Date,Meter,kWh", "Main", "North")]
    public void A_date_in_the_first_row_of_each_day_alone_makes_no_whole_day_of_it(string headers, string one, string other)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{headers}\n{string.Concat(Enumerable.Range(1, 5).Select(day => $"2024-01-0{day},{one},{10 + day}\n,{other},{20 + day}\n"))}")).Fault;

        Assert.Equal((ImportFault.DataValidationFailed, "Date"), (fault.Code, fault.Column));
        Assert.StartsWith("The rows 3, 5, 7", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_a_date_at_the_foot_are_none_of_days()
    {
        _bench.RunText($"Date,Area,kWh\n2024-01-01,Main,11\n2024-01-02,Main,12\n2024-01-03,Main,13\n,Year 2023,4000\n,Year 2022,4100\n,Year 2021,4200\n");

        Assert.Equal([11.0, 12, 13], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value));
    }

    [Theory]
    [InlineData("Subtotal")]
    [InlineData("Network fee")]
    [InlineData("Budget")]
    public void What_is_no_reading_below_each_date_is_none_of_its_rows(string below)
    {
        _bench.RunText($"Date,Area,kWh\n{string.Concat(Enumerable.Range(1, 5).Select(day => $"2024-01-0{day},Main,{10 + day}\n,{below},{10 + day}\n"))}");

        Assert.Equal([11.0, 12, 13, 14, 15], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_merged_amount_is_one(bool isText)
    {
        _bench.RunWorkbook(book =>
        {
            var sheet = book.AddWorksheet("Data");
            Write(sheet, 1, "Date", "Main kWh", "Hall kWh", "Note");
            for (var day = 0; day < Days; day++)
            {
                Write(sheet, day + 2, new DateTime(2024, 2, 1 + day), 10 + day, day % 3 > 0 ? null : isText ? "30 kWh" : 30, day % 3 > 0 ? null : "checked");
            }

            sheet.Range("C2:C4").Merge();
            sheet.Range("D2:D4").Merge();
            sheet.Range("C5:C7").Merge();
        });

        Assert.Equal(60, _bench.Sum("Hall", "energy"));
        Assert.Equal(75, _bench.Sum("Main", "energy"));
    }

    [Fact]
    public void A_row_that_has_nothing_stays_empty_and_headers_are_not_filled()
    {
        _bench.RunWorkbook(book =>
        {
            var sheet = book.AddWorksheet("Data");
            Write(sheet, 1, "Date", "Building A", null, "Building B");
            Write(sheet, 2, null, "Electricity (kWh)", "Gas (kWh)", "Electricity (kWh)");
            sheet.Range("A1:A2").Merge();
            sheet.Range("B1:C1").Merge();
            for (var row = 3; row < 3 + Days; row++)
            {
                Write(sheet, row, row % 3 == 0 ? new DateTime(2024, 2, row) : null, row % 3 == 0 ? 10 + row : null, row % 3 == 0 ? 20 : null, row % 3 == 0 ? 30 : null);
            }

            sheet.Range("A3:A5").Merge();
            sheet.Range("A6:A8").Merge();
        });

        Assert.Equal(6, _bench.Told.Count);
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("xls")]
    [InlineData("xlsb")]
    public void Binary_workbooks_have_merged_cells_too(string kind)
    {
        object?[][] rows = [["Date", "Meter", "kWh"], .. Enumerable.Range(0, 3 * Days).Select(i => new object?[] { i % 3 == 0 ? new DateTime(2024, 2, 1 + (i / 3)) : null, $"M{i % 3}", 10.0 + i })];
        var merged = Enumerable.Range(0, Days).Select(day => (First: 1 + (3 * day), Last: 3 + (3 * day), Column: 0)).ToArray();

        _bench.RunBytes(kind == "xls" ? BinaryWorkbooks.Xls(false, merged, ("Data", rows)) : BinaryWorkbooks.Xlsb(false, merged, ("Data", rows)), $"meters.{kind}");

        Assert.Equal(3 * Days, _bench.Told.Count);
        Assert.Equal([12.0, 15, 18, 21, 24, 27], _bench.Values("M2", "energy").Select(value => value.Value));
    }

    /// <summary>A row of values for each label on each day, whose date is merged over them.</summary>
    private static void Fill(XLWorkbook book, string[] headers, object[] labels, bool isText = false, Func<int, int>? valueOf = null)
    {
        var sheet = book.AddWorksheet("Data");
        Write(sheet, 1, [.. headers]);
        for (var i = 0; i < Days * labels.Length; i++)
        {
            var date = new DateTime(2024, 2, 1 + (i / labels.Length));
            Write(sheet, i + 2, [i % labels.Length > 0 ? null : isText ? date.ToString("yyyy-MM-dd", null) : date, labels[i % labels.Length], .. headers.Skip(2).Select((_, column) => (object)((valueOf?.Invoke(i) ?? (10 + i)) + (column * 100)))]);
            if (i % labels.Length == 0)
            {
                sheet.Range(i + 2, 1, i + 1 + labels.Length, 1).Merge();
            }
        }
    }

    private static void Write(IXLWorksheet sheet, int row, params object?[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            _ = cells[i] is string text ? sheet.Cell(row, i + 1).SetValue(text) : sheet.Cell(row, i + 1).SetValue(cells[i]);
        }
    }
}
