using Ems.Core.Metering;
using Ems.Ingestion.Imports;
using Ems.Tests.Unit.Files;

namespace Ems.Tests.Unit.Imports;

/// <summary>What stands where a value is missing, and what says that one is only estimated.</summary>
public sealed class MissingValueTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Markers_of_missing_values_are_gaps_listed_by_kind()
    {
        string[] markers = ["Not Available", "n/a", "-", "NaN", "", "#N/A", "null", "n/a"];
        var rows = markers.Select((marker, i) => $"2020-01-{i + 2:00},{marker},1\n");
        _bench.RunText($"Date,kWh,Voltage (V)\n2020-01-01,5,1\n{string.Concat(rows)}2020-01-10,6,1\n");

        Assert.Equal(["meter energy 2020-01-01 00:00 1d 5", "meter energy 2020-01-10 00:00 1d 6"], _bench.Told.Where(told => told.Contains("energy", StringComparison.Ordinal)));
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(
            [("#N/A", 1), ("-", 1), ("NaN", 1), ("Not Available", 1), ("blank", 1), ("n/a", 2), ("null", 1)],
            _bench.Facts.Gaps.Select(gap => (gap.Key, (int)gap.Value)).OrderBy(gap => gap.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(120, "")]
    [InlineData(120, "Not Available")]
    [InlineData(800, "")]
    [InlineData(800, "n/a")]
    [InlineData(3_000, "")]
    public void A_column_that_begins_far_down_is_known_by_its_values_there(int blank, string missing)
    {
        var rows = Enumerable.Range(0, blank + 3).Select(hour => $"{new DateTime(2024, 1, 1).AddHours(hour):yyyy-MM-dd HH:mm},{1 + (hour % 2)},{(hour < blank ? missing : "7")},{(hour < blank ? missing : "8")}\n");
        _bench.RunText($"Time,Boiler (kWh),Chiller (kWh),Outside °C\n{string.Concat(rows)}Total,1000,21,\n");

        Assert.Equal(["Boiler", "Chiller", "meter"], _bench.Facts.Meters.Select(meter => meter.EquipmentId).Order());
        Assert.Equal(blank + 9, _bench.Told.Count);
        Assert.Equal(3, _bench.Told.Count(told => told.StartsWith("Chiller energy", StringComparison.Ordinal) && told.EndsWith(" 7", StringComparison.Ordinal)));
        Assert.Equal(blank * 2, _bench.Facts.Gaps[missing.Length == 0 ? "blank" : missing]);
    }

    [Theory]
    [InlineData(300, "Building", "B")]
    [InlineData(700, "Meter No", "4711")]
    [InlineData(700, "Unit", "kWh")]
    [InlineData(700, "Counter", "3")]
    public void What_is_written_far_down_a_column_that_names_no_values_changes_nothing(int blank, string header, string text)
    {
        var rows = Enumerable.Range(0, blank + 200).Select(hour => $"{new DateTime(2024, 1, 1).AddHours(hour):yyyy-MM-dd HH:mm},{1 + (hour % 2)},{(hour < blank ? "" : text)}\n");
        _bench.RunText($"Time,Energy (kWh),{header}\n{string.Concat(rows)}");

        Assert.Equal(blank + 200, _bench.Values("meter", "energy").Count());
    }

    [Fact]
    public void A_sum_below_a_column_that_is_blank_does_not_begin_it()
    {
        var rows = Enumerable.Range(0, 700).Select(hour => $"{new DateTime(2024, 1, 1).AddHours(hour):yyyy-MM-dd HH:mm},{1 + (hour % 2)},\n");
        _bench.RunText($"Time,Boiler energy,Chiller energy\n{string.Concat(rows)}2024-02-01 00:00,3,0\n", new ImportForm { Unit = "kWh" });

        Assert.Equal(701, _bench.Told.Count);
        Assert.Single(_bench.Facts.Meters);
    }

    [Fact]
    public void Errors_of_a_workbook_are_gaps()
    {
        var parts = XlsxParts.Sheet(
            """<row r="1"><c r="A1" t="inlineStr"><is><t>Date</t></is></c><c r="B1" t="inlineStr"><is><t>kWh</t></is></c></row>"""
            + """<row r="2"><c r="A2" t="d"><v>2020-01-01</v></c><c r="B2"><v>1</v></c></row>"""
            + """<row r="3"><c r="A3" t="d"><v>2020-01-02</v></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>""");

        _bench.RunBytes(parts.ToBytes(), "meter.xlsx");

        Assert.Equal(["meter energy 2020-01-01 00:00 1d 1"], _bench.Told);
        Assert.Equal([("#DIV/0!", 1L)], _bench.Facts.Gaps.Select(gap => (gap.Key, gap.Value)));
    }

    [Fact]
    public void Errors_of_an_old_workbook_are_gaps_of_their_kind()
    {
        _bench.RunBytes(
            BinaryWorkbooks.Xls(false, ("Notes", [["Nothing"]]), ("Data",
            [
                ["Date", "kWh"], [new DateTime(2020, 1, 1), 1.0], [new DateTime(2020, 1, 2), new KeyNotFoundException()], [new DateTime(2020, 1, 3), null],
                [new DateTime(2020, 1, 4), (Func<Exception>)(() => new DivideByZeroException())], [new DateTime(2020, 1, 5), 2.0],
            ])),
            "meter.xls");

        Assert.Equal(["#DIV/0! 1", "#N/A 1", "blank 1"], _bench.Facts.Gaps.Select(gap => $"{gap.Key} {gap.Value}").Order(StringComparer.Ordinal));
        Assert.Equal([1.0, 2], _bench.Readings.SelectMany(reading => reading.Values).Select(value => value.Value));
    }

    [Theory]
    [InlineData("12 9999 14 -9999 13", 3, "-9999 9999")]
    [InlineData("9800 9999 10100 9900 9950", 5, "")]
    [InlineData("12 99999.9 14 11 13", 4, "99999.9")]
    [InlineData("12 999 400 11 600", 5, "")]
    [InlineData("1 65535 2 4294967295 3", 3, "4294967295 65535")]
    [InlineData("40000 65535 50000 45000 60000", 5, "")]
    public void Nines_far_outside_all_other_values_stand_for_none(string values, int count, string gaps)
    {
        _bench.RunText($"Date,kWh\n{string.Concat(values.Split(' ').Select((value, i) => $"2020-01-{i + 1:00},{value}\n"))}");

        Assert.Equal(count, _bench.Told.Count);
        Assert.Equal(gaps, string.Join(' ', _bench.Facts.Gaps.Keys.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("Estimated", "No Yes No")]
    [InlineData("A/E", "A E A")]
    [InlineData("Quality", "Actual Estimated ok")]
    [InlineData("Actual", "yes no yes")]
    [InlineData("Estimation?", "0 1 0")]
    [InlineData("Status", "W Ersatzwert W")]
    [InlineData("Read Type", "A E A")]
    [InlineData("Reading Type", "Actual Estimated Actual")]
    [InlineData("ReadType", "Act Est Act")]
    [InlineData("Qualité", "Réel Estimé Réel")]
    [InlineData("Nature du relevé", "réelle estimée réelle")]
    [InlineData("Ableseart", "gemessen geschätzt gemessen")]
    [InlineData("Tipo de lectura", "Real Estimado Real")]
    [InlineData("Tipo lettura", "Effettivo Stimato Effettivo")]
    [InlineData("Qualità", "Effettivo Stimato Effettivo")]
    public void A_column_says_which_values_are_estimated(string header, string marks)
    {
        _bench.RunText($"Date,kWh,{header}\n{string.Concat(marks.Split(' ').Select((mark, i) => $"2020-01-{i + 1:00},{i},{mark}\n"))}");

        Assert.Equal([false, true, false], _bench.Readings.Select(reading => reading.Flags.HasFlag(ReadingFlags.Estimated)));
    }

    [Theory]
    [InlineData("Read Type", "Import Export Import")]
    [InlineData("Rate Type", "E A E")]
    public void A_type_of_something_else_marks_no_values(string header, string cells)
    {
        _bench.RunText($"Date,kWh,{header}\n{string.Concat(cells.Split(' ').Select((cell, i) => $"2020-01-{i + 1:00},{i},{cell}\n"))}");

        Assert.DoesNotContain(_bench.Readings, reading => reading.Flags.HasFlag(ReadingFlags.Estimated));
        Assert.Equal(header, _bench.Assumed("left_out"));
    }

    [Theory]
    [InlineData("Note", "fine", "it holds no numbers")]
    [InlineData("Cost", "$12.50", "it holds money, which no meter measures")]
    [InlineData("Cost", "12.50 EUR", "it holds money, which no meter measures")]
    [InlineData("Printed At", "2024-02-03 10:00", "it holds times, and another column has those of the rows")]
    [InlineData("END TIME", "00:59", "it holds times, and another column has those of the rows")]
    public void A_column_is_left_out_with_what_it_holds(string header, string cell, string why)
    {
        _bench.RunText($"START DATE TIME,kWh,{header}\n2020-01-01 00:00,1,{cell}\n2020-01-01 01:00,2,{cell}\n");

        var left = Assert.Single(_bench.Facts.Assumptions, assumption => assumption.What == "left_out");
        Assert.Equal((header, why), (left.Value, left.Why));
    }

    [Fact]
    public void A_cell_that_is_no_number_is_shown_in_its_fault()
    {
        _bench.RunText($"Date,kWh\n2020-01-01,1\n2020-01-02,broken {new string('x', 60)}\n2020-01-03,2\n");

        Assert.Equal($"'broken {new string('x', 33)}' is no number.", _bench.Items.SelectMany(item => item.Faults).Single().Message);
    }

    [Fact]
    public void A_number_in_brackets_is_rejected_with_what_to_write()
    {
        _bench.RunText("Date,kWh\n2024-01-01,1\n2024-01-02,(1.5)\n2024-01-03,3\n2024-01-04,2\n");

        Assert.Equal("'(1.5)' is no number. Write -1.5 if the brackets are a minus, else 1.5.", Assert.Single(_bench.Items.SelectMany(item => item.Faults)).Message);
    }

    [Fact]
    public void A_value_that_is_marked_as_invalid_is_a_gap()
    {
        _bench.RunText("Date,kWh,Quality\n2020-01-01,5,good\n2020-01-02,0,missing\n2020-01-03,6,good\n");

        Assert.Equal(["meter energy 2020-01-01 00:00 1d 5", "meter energy 2020-01-03 00:00 1d 6"], _bench.Told);
        Assert.Equal(1, Assert.Single(_bench.Facts.Gaps).Value);
    }

    [Theory]
    [InlineData("1.234,5 7,25", "1234.5 7.25")]
    [InlineData("\"1,234.5\" 7.25", "1234.5 7.25")]
    [InlineData("1'234.5 7.25", "1234.5 7.25")]
    [InlineData("−3.5 4-", "-3.5 -4")]
    [InlineData("1.234.567 2.345.678", "1234567 2345678")]
    public void Numbers_are_read_as_the_whole_column_writes_them(string numbers, string expected)
    {
        _bench.RunText($"Date;kWh\n{string.Concat(numbers.Split(' ').Select((number, i) => $"2020-01-{i + 1:00};{number}\n"))}");

        Assert.Equal(expected, string.Join(' ', _bench.Told.Select(told => told.Split(' ')[^1])));
    }

    [Fact]
    public void Blanks_may_group_thousands()
    {
        _bench.RunText("Date;kWh\n2020-01-01;1 234,5\n2020-01-02;1\u202F234\u202F567,25\n");

        Assert.Equal(["1234.5", "1234567.25"], _bench.Told.Select(told => told.Split(' ')[^1]));
    }

    [Fact]
    public void A_comma_that_can_be_both_is_refused() =>
        Assert.Throws<Ems.Ingestion.Files.ImportFaultException>(() => _bench.RunText("Date;kWh\n2020-01-01;1,234\n2020-01-02;2,345\n", new ImportForm()));
}
