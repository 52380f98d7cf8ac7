using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Dates whose day and month only the intervals, the meters or the language of the headers tell apart.</summary>
public sealed class DateOrderOfMetersTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Bills_end_after_they_begin()
    {
        _bench.RunText("Meter,Start Date,End Date,kWh\nE-1,01/09/2024,02/08/2024,41\nE-1,02/08/2024,03/11/2024,39\nE-2,01/09/2024,02/08/2024,4\nE-2,02/08/2024,03/11/2024,3\n");

        Assert.Equal("mdy", _bench.Assumed("date_order"));
        Assert.Contains("E-1 energy 2024-01-09 00:00 30d 41", _bench.Told);
    }

    [Theory]
    [InlineData("Bill Start,Bill End", "01/01/2024,01/02/2024", "dmy", "2024-01-01 00:00 31d")]
    [InlineData("Billing period start,Billing period end", "02/01/2024,03/01/2024", "mdy", "2024-02-01 00:00 29d")]
    public void Bills_are_of_more_than_a_day(string headers, string bill, string order, string interval)
    {
        _bench.RunText($"{headers},kWh\n{bill},1234\n");

        Assert.Equal(order, _bench.Assumed("date_order"));
        Assert.Equal([$"meter energy {interval} 1234"], _bench.Told);
    }

    [Theory]
    [InlineData("Start,End", "01/01/2024,01/02/2024")]
    [InlineData("Bill Start,Bill End", "05/02/2024,06/03/2024")]
    [InlineData("Billing Start,Billing End", "01/02/2024,02/02/2024,5\n02/02/2024,03/02/2024,5\n03/02/2024,04/02/2024")]
    [InlineData("Billing interval start,Billing interval end", "01/02/2024 00:00,01/02/2024 00:30,5\n01/02/2024 23:30,02/02/2024 00:00")]
    public void What_may_be_a_day_or_a_bill_of_either_order_is_asked_about(string headers, string interval) =>
        Assert.Throws<ImportFaultException>(() => _bench.RunText($"{headers},kWh\n{interval},1234\n"));

    [Fact]
    public void A_bill_that_ends_before_it_begins_is_no_reason_to_read_all_others_anew()
    {
        var bills = string.Concat(Enumerable.Range(1, 10).Select(month => $"A,01/{month:00}/2024,01/{month + 1:00}/2024,{month}\n"));

        Assert.Throws<ImportFaultException>(() => _bench.RunText($"Meter,Start Date,End Date,kWh\n{bills}A,01/12/2024,01/11/2024,3\n"));
    }

    [Fact]
    public void Rows_of_each_meter_follow_each_other()
    {
        string[] dates = ["01/09/2024", "02/08/2024", "03/11/2024", "04/09/2024", "05/10/2024"];
        var rows = from meter in (string[])["A", "B"] from date in dates select $"{meter},{date},{date[..2]}\n";
        _bench.RunText($"Meter,Date,kWh\n{string.Concat(rows)}");

        Assert.Equal("mdy", _bench.Assumed("date_order"));
    }

    [Theory]
    [InlineData("MM/dd/yyyy HH:mm", "mdy")]
    [InlineData("dd/MM/yyyy HH:mm", "dmy")]
    public void Half_hours_of_a_week_go_on_from_day_to_day(string form, string order)
    {
        var rows = Enumerable.Range(0, 7 * 48).Select(i => $"{new DateTime(2024, 11, 4).AddMinutes(30 * i).ToString(form, System.Globalization.CultureInfo.InvariantCulture)},{i % 7}\n");
        _bench.RunText($"Time,kWh\n{string.Concat(rows)}");

        Assert.Equal(order, _bench.Assumed("date_order"));
    }

    [Theory]
    [InlineData("11/02/2024", "11/03/2024 01", "11/03/2024 01")]
    [InlineData("03/09/2024", "03/10/2024 02", "")]
    [InlineData("11/05/2024", "11/06/2024 07", "")]
    public void Hours_that_come_twice_or_are_missing_do_not_hide_that_days_go_on(string first, string odd, string instead)
    {
        var start = DateTime.ParseExact(first, "MM/dd/yyyy", System.Globalization.CultureInfo.InvariantCulture);
        var rows = Enumerable.Range(0, 72).Select(hour => start.AddHours(hour).ToString("MM/dd/yyyy HH", System.Globalization.CultureInfo.InvariantCulture))
            .SelectMany(time => time != odd ? [time] : instead.Length > 0 ? (string[])[time, instead] : []).Select((time, i) => $"A,{time}:00,{i}\n");
        _bench.RunText($"Meter,Time,Usage (kWh)\n{string.Concat(rows)}B,{start.AddDays(2):MM'/'dd'/'yyyy} 00:00,1\n", new ImportForm { TimeZone = "America/New_York", Metric = "energy" });

        Assert.Equal("mdy", _bench.Assumed("date_order"));
        Assert.Empty(_bench.FaultCodes);
    }

    [Fact]
    public void Hours_of_work_of_days_may_be_those_of_months() => Assert.Throws<ImportFaultException>(() => _bench.RunText(
        $"Time,Usage (kWh)\n{string.Concat(from day in Enumerable.Range(5, 4) from hour in Enumerable.Range(8, 10) select $"11/{day:00}/2024 {hour:00}:00,{hour % 5}\n")}"));

    [Theory]
    [InlineData("dd/MM/yyyy", -1)]
    [InlineData("MM/dd/yyyy", -1)]
    [InlineData("dd/MM/yyyy", 1)]
    [InlineData("dd/MM/yyyy", -3)]
    public void Months_are_no_days_that_go_on_be_the_newest_first_or_last(string form, int step)
    {
        var rows = Enumerable.Range(0, 12 / Math.Abs(step)).Select(i => $"{new DateTime(2024, step < 0 ? 13 + step : 1, 1).AddMonths(i * step).ToString(form, System.Globalization.CultureInfo.InvariantCulture)},{300 + i}\n");
        var text = string.Concat(rows);

        Assert.Throws<ImportFaultException>(() => _bench.RunText($"Date,kWh\n{text}"));
        if (form[0] == 'd')
        {
            _bench.RunText($"Fecha,kWh\n{text}");
            Assert.Equal("dmy", _bench.Assumed("date_order"));
        }
    }

    [Fact]
    public void Half_hours_may_go_on_with_the_newest_first()
    {
        var rows = Enumerable.Range(0, 7 * 48).Select(i => $"{new DateTime(2024, 11, 10).AddMinutes(-30 * i).ToString("MM/dd/yyyy HH:mm", System.Globalization.CultureInfo.InvariantCulture)},{i % 7}\n");
        _bench.RunText($"Time,kWh\n{string.Concat(rows)}");

        Assert.Equal("mdy", _bench.Assumed("date_order"));
    }

    [Theory]
    [InlineData("Date de début", "Date de fin")]
    [InlineData("Début de période", "Fin de période")]
    [InlineData("Du", "Au")]
    [InlineData("Du", "Jusqu'au")]
    [InlineData("Data inizio", "Data fine")]
    [InlineData("Dal", "Al")]
    [InlineData("Begindatum", "Einddatum")]
    [InlineData("Vanaf", "Tot")]
    [InlineData("Data início", "Data fim")]
    [InlineData("Data inicial", "Data final")]
    [InlineData("Von", "Bis")]
    public void Headers_of_languages_that_write_the_day_first_say_so_and_are_both_ends(string start, string end)
    {
        _bench.RunText($"{start};{end};kWh\n01/02/2024;01/03/2024;5\n01/03/2024;01/04/2024;6\n01/04/2024;01/05/2024;4\n");

        Assert.Equal(["meter energy 2024-02-01 00:00 29d 5", "meter energy 2024-03-01 00:00 31d 6", "meter energy 2024-04-01 00:00 30d 4"], _bench.Told);
    }

    [Fact]
    public void English_headers_leave_it_open() =>
        Assert.Throws<ImportFaultException>(() => _bench.RunText("Start Date;End Date;kWh\n01/02/2024;01/03/2024;5\n01/03/2024;01/04/2024;6\n"));

    [Fact]
    public void Dates_and_times_of_both_ends_may_stand_apart()
    {
        _bench.RunText("Ab-Datum;Ab-Zeit;Bis-Datum;Bis-Zeit;Profilwert [kWh]\n13.06.2024;23:30;13.06.2024;23:45;1\n13.06.2024;23:45;14.06.2024;00:00;2\n14.06.2024;00:00;14.06.2024;00:15;3\n");

        Assert.Equal(["meter energy 2024-06-13 23:30 15m 1", "meter energy 2024-06-13 23:45 15m 2", "meter energy 2024-06-14 00:00 15m 3"], _bench.Told);
    }
}
