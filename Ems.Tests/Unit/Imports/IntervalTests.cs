using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Headers;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Rows that have both ends of their intervals.</summary>
public sealed class IntervalTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Datum;von;bis;kWh", "24:00")]
    [InlineData("Datum;von;bis;kWh", "00:00")]
    [InlineData("Date;Start;End;kWh", "00:00")]
    [InlineData("Date;Start Time;End Time;kWh", "24:00")]
    [InlineData("Date;Time;End Time;kWh", "24:00")]
    [InlineData("kWh;End;Start;Date", "00:00")]
    public void Times_of_day_beside_a_date_are_the_ends_of_its_intervals(string header, string midnight)
    {
        string Row(int quarter) => string.Join(';', header.Split(';').Select(column => column switch
        {
            "Datum" or "Date" => "01.02.2024",
            "bis" or "End" or "End Time" => quarter == 95 ? midnight : Clock(quarter + 1),
            "kWh" => "1",
            _ => Clock(quarter),
        }));
        _bench.RunText($"{header}\n{string.Concat(Enumerable.Range(0, 96).Select(quarter => $"{Row(quarter)}\n"))}");

        Assert.Equal(Enumerable.Range(0, 96).Select(quarter => $"meter energy 2024-02-01 {Clock(quarter)} 15m 1"), _bench.Told);
        Assert.Empty(_bench.FaultCodes);
        Assert.Equal("start", _bench.Assumed("timestamp_label"));
    }

    [Fact]
    public void Among_more_columns_than_anybody_pairs_none_are_looked_for()
    {
        Dictionary<int, HeaderWords> Columns(int count) => Enumerable.Range(0, count).Select(column => column switch { 0 => "Du", 1 => "Au", _ => $"Date {column}" })
            .Select((header, column) => (header, column)).ToDictionary(entry => entry.column, entry => new HeaderWords(entry.header));

        Assert.Equal([0, 1], PairedHeaders.Find(Columns(50)).Keys.Order());
        Assert.Empty(PairedHeaders.Find(Columns(51)));
    }

    [Theory]
    [InlineData("Von;Bis")]
    [InlineData("Du;Au")]
    [InlineData("Période du;au")]
    [InlineData("Dal;Al")]
    [InlineData("Del;Al")]
    [InlineData("Fecha del;Fecha al")]
    [InlineData("Desde;Hasta")]
    [InlineData("Desde;Al")]
    [InlineData("De;À")]
    [InlineData("De;Até")]
    [InlineData("Início;Fim")]
    [InlineData("Startdatum;Enddatum")]
    [InlineData("Anfang;Ende")]
    public void Short_words_of_other_languages_beside_each_other_are_both_ends_of_a_bill(string header)
    {
        _bench.RunText($"{header};kWh\n01.01.2024;31.01.2024;100\n01.02.2024;29.02.2024;110\n01.03.2024;31.03.2024;120\n");

        Assert.Equal(["meter energy 2024-01-01 00:00 31d 100", "meter energy 2024-02-01 00:00 29d 110", "meter energy 2024-03-01 00:00 31d 120"], _bench.Told);
        Assert.Empty(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("Date;Du;Au;kWh")]
    [InlineData("Data;Dal;Al;kWh")]
    public void Such_words_head_both_times_of_day_beside_a_date(string header)
    {
        _bench.RunText($"{header}\n13.01.2024;00:00;00:15;1\n13.01.2024;00:15;00:30;2\n13.01.2024;00:30;00:45;3\n");

        Assert.Equal(["meter energy 2024-01-13 00:00 15m 1", "meter energy 2024-01-13 00:15 15m 2", "meter energy 2024-01-13 00:30 15m 3"], _bench.Told);
    }

    [Theory]
    [InlineData("Fecha;Al;kWh", "3", "4")]
    [InlineData("Date;Au;kWh", "3", "4")]
    [InlineData("Du;Au;kWh", "3", "4")]
    public void Alone_such_a_word_says_nothing(string header, string first, string second)
    {
        _bench.RunText($"{header}\n13.01.2024 00:00;{first};1\n13.01.2024 00:15;{second};2\n13.01.2024 00:30;{first};3\n");

        Assert.Equal(["meter energy 2024-01-13 00:00 15m 1", "meter energy 2024-01-13 00:15 15m 2", "meter energy 2024-01-13 00:30 15m 3"], _bench.Told);
        Assert.Equal("instant for levels, start for intervals", _bench.Assumed("timestamp_label"));
    }

    [Theory]
    [InlineData("Start Date,Start Time,End Date,End Time,kWh")]
    [InlineData("Van (datum),Van (tijdstip),Tot (datum),Tot (tijdstip),kWh")]
    public void Dates_and_times_of_day_of_both_ends_are_joined(string header)
    {
        var rows = Enumerable.Range(0, 24).Select(hour => string.Create(
            CultureInfo.InvariantCulture, $"2024-02-01,{hour:00}:00:00,2024-02-{(hour == 23 ? 2 : 1):00},{(hour + 1) % 24:00}:00:00,{hour}\n"));
        _bench.RunText($"{header}\n{string.Concat(rows)}");

        Assert.Equal(Enumerable.Range(0, 24).Select(hour => $"meter energy 2024-02-01 {hour:00}:00 1h {hour}"), _bench.Told);
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void The_proposal_of_such_a_table_is_read_as_the_table_was()
    {
        const string Text = "Date,Start,End,Day,kWh\n2024-02-01,22:00,06:00,1,5\n2024-02-02,22:00,06:00,1,6\n2024-02-03,22:00,06:00,1,7\n";
        _bench.RunText(Text);
        var columns = ColumnProposals.Join([.. _bench.Facts.Sheets.Select(sheet => sheet.Layout)]);

        using var again = new ImportBench();
        again.RunText(Text, new ImportForm { Mapping = new ImportMapping { Columns = columns } });

        Assert.Equal([ColumnRole.Time, ColumnRole.Time, ColumnRole.End], columns.Take(3).Select(column => column.Purpose));
        Assert.Equal(["meter energy 2024-02-01 22:00 8h 5", "meter energy 2024-02-02 22:00 8h 6", "meter energy 2024-02-03 22:00 8h 7"], _bench.Told);
        Assert.Equal(_bench.Told, again.Told);
    }

    [Fact]
    public void A_mapping_says_which_columns_are_times_of_day()
    {
        var mapping = new ImportMapping
        {
            Columns = [new MappedColumn("A") { Role = ColumnRole.Time }, new MappedColumn("B") { Role = ColumnRole.End }],
        };
        _bench.RunText("Date,A,B,kWh\n2024-02-01,00:00,00:30,1\n2024-02-01,00:30,01:00,2\n", new ImportForm { Mapping = mapping });

        Assert.Equal(["meter energy 2024-02-01 00:00 30m 1", "meter energy 2024-02-01 00:30 30m 2"], _bench.Told);
    }

    [Fact]
    public void Small_counts_under_the_words_of_ends_are_no_times_of_day()
    {
        _bench.RunText("Date,From grid kWh,To grid kWh\n2024-02-01,5,1\n2024-02-02,7,2\n2024-02-03,6,1\n");

        Assert.Equal(["meter energy 2024-02-01 00:00 1d 5", "meter energy 2024-02-02 00:00 1d 7", "meter energy 2024-02-03 00:00 1d 6"], _bench.Told);
    }

    [Fact]
    public void The_start_and_the_end_of_something_within_a_day_are_not_those_of_its_interval()
    {
        _bench.RunText("Date,kWh,Peak start,Peak end\n2024-02-01,5,11:00,12:00\n2024-02-02,7,13:00,14:00\n2024-02-03,6,10:00,12:00\n");

        Assert.Equal(["meter energy 2024-02-01 00:00 1d 5", "meter energy 2024-02-02 00:00 1d 7", "meter energy 2024-02-03 00:00 1d 6"], _bench.Told);
    }

    [Fact]
    public void A_workbook_shows_the_ends_as_times_of_day()
    {
        _bench.RunWorkbook(workbook =>
        {
            var sheet = workbook.AddWorksheet("Sheet1");
            string[] headers = ["Datum", "von", "bis", "kWh"];
            for (var column = 0; column < headers.Length; column++)
            {
                sheet.Cell(1, column + 1).Value = headers[column];
            }

            for (var hour = 0; hour < 24; hour++)
            {
                sheet.Cell(hour + 2, 1).Value = new DateTime(2024, 2, 1);
                sheet.Cell(hour + 2, 2).Value = TimeSpan.FromHours(hour);
                sheet.Cell(hour + 2, 3).Value = TimeSpan.FromHours((hour + 1) % 24);
                sheet.Cell(hour + 2, 4).Value = hour % 5;
                sheet.Range(hour + 2, 2, hour + 2, 3).Style.NumberFormat.Format = "hh:mm";
            }
        });

        Assert.Equal(Enumerable.Range(0, 24).Select(hour => $"meter energy 2024-02-01 {hour:00}:00 1h {hour % 5}"), _bench.Told);
    }

    [Theory]
    [InlineData("Date,Start,End,kWh", "2024-05-01,")]
    [InlineData("Start,End,kWh", "")]
    public void An_interval_is_as_long_as_it_says_unless_it_is_empty(string header, string date)
    {
        string End(string clock) => date.Length > 0 ? clock : $"2024-05-01 {clock}";
        var rows = new[] { ("00:00", "01:00"), ("01:00", "02:00"), ("02:00", "04:00"), ("04:00", "05:00"), ("05:00", "05:00"), ("06:00", "07:00") };
        _bench.RunText($"{header}\n{string.Concat(rows.Select(row => $"{date}{End(row.Item1)},{End(row.Item2)},7\n"))}", new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Equal(
            ["22:00 1h", "23:00 1h", "00:00 2h", "02:00 1h", "04:00 1h"], _bench.Told.Select(told => told[24..32]));
        Assert.Equal([ImportFault.InvalidTimestamp], _bench.FaultCodes);
    }

    [Theory]
    [InlineData("2024-03-31", "00:00-01:00 01:00-03:00 03:00-04:00 04:00-05:00", "23:00 00:00 01:00 02:00")]
    [InlineData("2024-03-31", "00:00-01:00 01:00-02:00 03:00-04:00 04:00-05:00", "23:00 00:00 01:00 02:00")]
    [InlineData("2024-10-27", "01:00-02:00 02:00-02:00 02:00-03:00 03:00-04:00", "23:00 00:00 01:00 02:00")]
    [InlineData("2024-10-27", "01:00-02:00 02:00-03:00 02:00-03:00 03:00-04:00", "23:00 00:00 01:00 02:00")]
    public void Where_the_clocks_change_an_hour_stays_an_hour_whatever_its_ends_show(string day, string intervals, string starts)
    {
        foreach (var header in (string[])["Start,End,kWh", "Date,Start,End,kWh"])
        {
            using var bench = new ImportBench();
            var rows = intervals.Split(' ').Select(interval => interval.Split('-'))
                .Select(ends => header[0] == 'D' ? $"{day},{ends[0]},{ends[1]},1\n" : $"{day} {ends[0]},{day} {ends[1]},1\n");
            bench.RunText($"{header}\n{string.Concat(rows)}", new ImportForm { TimeZone = "Europe/Berlin" });

            Assert.Equal(starts.Split(' ').Select(start => $"{start} 1h"), bench.Told.Select(told => told[24..32]));
            Assert.Empty(bench.FaultCodes);
        }
    }

    [Theory]
    [InlineData("2020-01-15,2020-02-14,10\n2020-02-15,2020-03-14,20", "inclusive")]
    [InlineData("2020-01-15,2020-02-15,10\n2020-02-15,2020-03-15,20", "exclusive")]
    public void Bills_end_where_the_next_begins_or_on_the_day_before(string rows, string expected)
    {
        _bench.RunText($"Account,Read from,Read to,Consumption kWh\n{rows.Replace("\n2", "\nX,2", StringComparison.Ordinal).Insert(0, "X,")}\n");

        Assert.Equal(["meter energy 2020-01-15 00:00 31d 10", "meter energy 2020-02-15 00:00 29d 20"], _bench.Told);
        Assert.Equal(expected, _bench.Assumed("interval_end"));
    }

    [Theory]
    [InlineData("From,To", "Jan-16,Jan-16|Feb-16,Feb-16|Mar-16,Apr-16", "01-01 31d 1|02-01 29d 2|03-01 61d 3", "inclusive")]
    [InlineData("Start Month,End Month", "2016-01,2016-01|2016-02,2016-02|2016-03,2016-04", "01-01 31d 1|02-01 29d 2|03-01 61d 3", "inclusive")]
    [InlineData("From,To", "Mar-16,Apr-16|Feb-16,Feb-16|Jan-16,Jan-16", "01-01 31d 3|02-01 29d 2|03-01 61d 1", "inclusive")]
    [InlineData("From,To", "Jan-16,Feb-16|Feb-16,Mar-16|Mar-16,Apr-16", "01-01 31d 1|02-01 29d 2|03-01 31d 3", "exclusive")]
    [InlineData("From,To", "Jan-16,Feb-16|Mar-16,Apr-16|May-16,Jun-16", "01-01 60d 1|03-01 61d 2|05-01 61d 3", "inclusive")]
    [InlineData("From,To", "Jan-16,Mar-16", "01-01 91d 1", "inclusive")]
    [InlineData("From,To", "Jan-16,Jan-16|Feb-16,Feb-16|Mar-16,Mar-16|01/04/2016,30/04/2016", "01-01 31d 1|02-01 29d 2|03-01 31d 3|04-01 30d 4", "inclusive")]
    public void A_month_at_the_end_belongs_to_the_interval_unless_the_next_one_begins_with_it(string header, string intervals, string expected, string ends)
    {
        _bench.RunText($"Meter,{header},kWh\n{string.Concat(intervals.Split('|').Select((interval, i) => $"M,{interval},{i + 1}\n"))}");

        Assert.Equal(expected.Split('|').Select(told => $"M energy 2016-{told.Replace("-01 ", "-01 00:00 ", StringComparison.Ordinal)}"), _bench.Told);
        Assert.Equal(ends, _bench.Assumed("interval_end"));
    }

    [Fact]
    public void A_single_bill_of_a_whole_month_ends_with_its_last_day()
    {
        _bench.RunText("Start Date,End Date,kWh,Cost ($),Peak Demand (kW)\n01/01/2020,01/31/2020,10,3.5,44\n");

        Assert.Equal(["meter energy 2020-01-01 00:00 31d 10"], _bench.Told);
        Assert.Equal("inclusive", _bench.Assumed("interval_end"));
    }

    [Fact]
    public void Intervals_with_both_ends_keep_their_length_when_the_clocks_change()
    {
        _bench.RunText(
            "Interval Start,Interval End,kWh\n2020-10-25 02:30,2020-10-25 02:45,1\n2020-10-25 02:45,2020-10-25 02:00,2\n2020-10-25 02:00,2020-10-25 02:15,3\n2020-10-25 02:15,2020-10-25 02:30,4\n",
            new ImportForm { TimeZone = "Europe/Berlin" });

        Assert.Equal(
            ["meter energy 2020-10-25 00:30 15m 1", "meter energy 2020-10-25 00:45 15m 2", "meter energy 2020-10-25 01:00 15m 3", "meter energy 2020-10-25 01:15 15m 4"],
            _bench.Told);
    }

    private static string Clock(int quarter) => string.Create(CultureInfo.InvariantCulture, $"{quarter / 4:00}:{quarter % 4 * 15:00}");

    [Fact]
    public void Each_meter_ends_its_intervals_in_its_own_way()
    {
        const string Rows = "A,2024-01-01,2024-02-01,1\nA,2024-02-01,2024-03-01,2\nA,2024-03-01,2024-04-01,3\nA,2024-04-01,2024-05-01,4\n"
            + "B,2024-01-05,2024-02-04,5\nB,2024-02-05,2024-03-04,6\nB,2024-03-05,2024-04-04,7\nC,2024-01-07,2024-02-08,8\n";
        _bench.RunText($"Meter,Start Date,End Date,kWh\n{Rows}");

        Assert.Equal(
            [
                "A energy 2024-01-01 00:00 31d 1", "A energy 2024-02-01 00:00 29d 2", "A energy 2024-03-01 00:00 31d 3", "A energy 2024-04-01 00:00 30d 4",
                "B energy 2024-01-05 00:00 31d 5", "B energy 2024-02-05 00:00 29d 6", "B energy 2024-03-05 00:00 31d 7", "C energy 2024-01-07 00:00 32d 8",
            ],
            _bench.Told);
        Assert.Equal("exclusive; inclusive: B", _bench.Assumed("interval_end"));
    }

    [Fact]
    public void A_rejected_row_whose_meter_ends_in_its_own_way_says_it()
    {
        _bench.RunText("Meter,Start Date,End Date,kWh,Rejected because (interval: 2629746 s)\nB,2024-01-05,2024-02-04,5,\"kWh: 'x' is no number. (interval: 2629746 s, ends: +86400 s)\"\n");

        Assert.Equal(["B energy 2024-01-05 00:00 31d 5"], _bench.Told);
    }
}
