using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Headers, times and faults where nobody looks for them.</summary>
public sealed class OddPlacesTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Site: Nordwerk", "Nordwerk")]
    [InlineData("Building:,A", "A")]
    [InlineData("Building name: Oak House", "Oak House")]
    [InlineData("Facility: Plant 3\nReport: Energy", "Plant 3")]
    [InlineData("Standort:,Werk Süd", "Werk Süd")]
    [InlineData("Gebäude: Halle 7", "Halle 7")]
    [InlineData("Gebaeude: Halle 7", "Halle 7")]
    [InlineData("Liegenschaft: 4711", "4711")]
    [InlineData("Location: Room 3", null)]
    [InlineData("Customer: Nordwerk", null)]
    [InlineData("Report: Nordwerk", null)]
    [InlineData("Building address: Hill Road 7", null)]
    [InlineData("\"Site: Hill Road 7, 80331 Munich\"", null)]
    [InlineData("Site: all", null)]
    [InlineData("Site: 0", null)]
    [InlineData("Site: https://portal.example.com", null)]
    [InlineData("Property: Active energy", null)]
    [InlineData("Site: n/a", null)]
    [InlineData("Site:", null)]
    [InlineData("Site,Floor area", null)]
    [InlineData("Site: A\nBuilding: B", null)]
    [InlineData("Building: 2024-01-01", null)]
    [InlineData("Site: unknown", null)]
    [InlineData("Site: Default", null)]
    [InlineData("Site: Not set", null)]
    [InlineData("Site: undefined", null)]
    [InlineData("Site: Any", null)]
    [InlineData("Site: Portfolio", null)]
    [InlineData("Site: Overview", null)]
    [InlineData("Site: Page 1 of 3", null)]
    [InlineData("Site: Whole year", null)]
    [InlineData("Site: user@acme.com", null)]
    [InlineData("Site: www.acme.com", null)]
    [InlineData("Site: (UTC+01:00) Berlin", null)]
    [InlineData("Site: Europe/Berlin", null)]
    [InlineData("Site: Meter 12345", null)]
    [InlineData("Site: Main", null)]
    [InlineData("Site: Main meter", null)]
    [InlineData("Building: 2024", null)]
    [InlineData("Building: 5 meters", null)]
    [InlineData("Building: Floor 2", null)]
    [InlineData("Building: Report created by John", null)]
    [InlineData("Facility: Electric", null)]
    [InlineData("Liegenschaft: Allgemeinstrom", null)]
    [InlineData("Site: 12 Main Street", null)]
    [InlineData("Standort: Musterstr. 5", null)]
    [InlineData("Standort: Am Hauptplatz 3", null)]
    [InlineData("Property: Present Value", null)]
    [InlineData("Property: presentValue", null)]
    [InlineData("Property: Log_Buffer", null)]
    [InlineData("Property: kWh Delivered", null)]
    [InlineData("Site: kWh Delivered", null)]
    [InlineData("Site: High Road Depot", "High Road Depot")]
    [InlineData("Site: Main Campus", "Main Campus")]
    [InlineData("Site: Gasthof Post", "Gasthof Post")]
    [InlineData("Site: Plant A", "Plant A")]
    [InlineData("Site: 7 World Trade Center", "7 World Trade Center")]
    [InlineData("Property: Building D", "Building D")]
    [InlineData("Site: Nordwerk\nProperty: Present Value", "Nordwerk")]
    [InlineData("Site: Stadtwerke Nord", "Stadtwerke Nord")]
    public void A_line_above_a_table_names_the_site_of_its_meters(string lines, string? site)
    {
        _bench.RunText($"{lines}\nTime,North kWh,South kWh\n2024-01-01 00:00,5,7\n2024-01-01 01:00,6,8\n2024-01-01 02:00,7,9\n");

        Assert.Equal([site, site], _bench.Facts.Meters.Select(meter => meter.SiteName));
    }

    [Fact]
    public void The_site_of_the_request_comes_before_a_line()
    {
        _bench.RunText("Site: Nordwerk\nTime,kWh\n2024-01-01 00:00,5\n2024-01-01 01:00,7\n", new ImportForm { Site = "North" });

        Assert.Null(Assert.Single(_bench.Facts.Meters).SiteName);
    }

    [Fact]
    public void A_site_in_the_rows_is_theirs_whatever_stands_above_them()
    {
        _bench.RunText("Building: A\nTime,Site,Meter,kWh\n2024-01-01 00:00,North,M1,5\n2024-01-01 01:00,North,M1,7\n");

        Assert.Equal("North", Assert.Single(_bench.Facts.Meters).SiteName);
    }

    [Fact]
    public void Headers_two_hundred_rows_down_are_found()
    {
        var notes = string.Concat(Enumerable.Range(1, 199).Select(line => $"Note {line}\n"));
        _bench.RunText($"{notes}Date,kWh\n2020-01-01,5\n2020-01-02,6\n2020-01-03,broken\n");

        Assert.Equal(["meter energy 2020-01-01 00:00 1d 5", "meter energy 2020-01-02 00:00 1d 6"], _bench.Told);
        Assert.Equal(203, Assert.Single(_bench.Items.SelectMany(item => item.Faults)).Row);
    }

    [Theory]
    [InlineData("1899-12-31")]
    [InlineData("2999-01-01")]
    [InlineData("0001-01-01")]
    [InlineData("01.01.0001")]
    [InlineData("0020-01-03")]
    [InlineData("0020-01-03 05:30")]
    [InlineData("1820-01-03")]
    public void A_year_that_no_meter_lives_in_is_refused_with_its_row_and_column(string date)
    {
        _bench.RunText($"Date,kWh\n2020-01-01,5\n2020-01-02,6\n{date},7\n2020-01-03,8\n");

        var fault = Assert.Single(_bench.Items.SelectMany(item => item.Faults));
        Assert.Equal(("INVALID_TIMESTAMP", 4, "Date"), (fault.Code, fault.Row, fault.Column));
        Assert.Equal(3, _bench.Told.Count);
    }

    [Fact]
    public void A_year_with_noughts_before_it_is_one_of_this_century()
    {
        _bench.RunText("Date,kWh\n1/12/0024,5\n1/13/0024,6\n1/14/0024,7\n");

        Assert.Equal("meter energy 2024-01-12 00:00 1d 5", _bench.Told[0]);
    }

    [Theory]
    [InlineData("2020-03-01,2999-12-31", "2999, 12, 31")]
    [InlineData("2020-03-01,9999-12-31", "9999, 12, 31")]
    [InlineData("1700-01-01,2020-04-01", "1700, 1, 1")]
    [InlineData("0001-01-01,2020-04-01", "1, 1, 1")]
    [InlineData("2020-04-01,2020-03-01", "does not end after it begins")]
    public void A_bill_of_centuries_is_refused_alone(string ends, string why)
    {
        _bench.RunText($"Start Date,End Date,Usage (kWh)\n2020-01-01,2020-02-01,10\n2020-02-01,2020-03-01,20\n{ends},30\n");

        var fault = Assert.Single(_bench.Items.SelectMany(item => item.Faults));
        Assert.Equal(("INVALID_TIMESTAMP", 4), (fault.Code, fault.Row));
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, _bench.Told.Count);
    }

    [Theory]
    [InlineData("2999-12-31 10:00,7")]
    [InlineData("9999-12-31 10:00,7")]
    public void A_session_of_centuries_is_refused_alone(string end)
    {
        _bench.RunText($"Charger,Start,End,kWh\nA,2020-01-01 08:00,2020-01-01 09:13,5\nA,2020-01-02 08:10,2020-01-02 10:47,6\nB,2020-01-02 08:10,2020-01-02 09:33,7\nB,2020-01-03 09:00,{end}\n");

        Assert.Equal([ImportFault.InvalidTimestamp], _bench.FaultCodes);
        Assert.Equal(3, _bench.Told.Count);
    }

    [Fact]
    public void A_line_break_within_quotes_does_not_count_as_a_row()
    {
        _bench.RunText("Date,kWh,Remark\r\n2020-01-01,5,\"two\r\nlines\"\r\n\r\n2020-01-02,broken,\r\n2020-01-03,7,\r\n");

        var fault = Assert.Single(_bench.Items.SelectMany(item => item.Faults));
        Assert.Equal(("DATA_VALIDATION_FAILED", 4, "kWh"), (fault.Code, fault.Row, fault.Column));
        Assert.Equal(2, _bench.Told.Count);
    }

    private const string LinesAboveATable = "Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite\n"
        + "12345678901234;Courbe de charge;01/09/2023;01/10/2023;Energie active;Consommation;Comptage Brut;W\n";

    [Theory]
    [InlineData(null, null)]
    [InlineData("active_power", "W")]
    public void A_table_below_lines_about_the_meter_is_found_and_they_say_the_unit(string? metric, string? unit)
    {
        _bench.RunText(
            $"{LinesAboveATable}Horodate;Valeur\n2023-09-01T00:30:00+02:00;1234\n2023-09-01T01:00:00+02:00;1200\n2023-09-01T01:30:00+02:00;1180\n",
            new ImportForm { Metric = metric, Unit = unit });

        Assert.Equal(
            ["12345678901234 active_power 2023-08-31 22:30 1.234", "12345678901234 active_power 2023-08-31 23:00 1.2", "12345678901234 active_power 2023-08-31 23:30 1.18"],
            _bench.Told);
    }

    [Fact]
    public void Lines_about_a_meter_without_a_table_below_are_refused_for_what_they_are()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"{LinesAboveATable}Horodate;Valeur\n")).Fault;

        Assert.Equal(ImportFault.MissingRequiredColumns, fault.Code);
    }

    [Fact]
    public void One_reading_above_notes_is_one_reading()
    {
        _bench.RunText("Date,Meter,kWh\n2024-01-01,A,5\n,Note,\n,Another note,\n");

        Assert.Equal([5.0], _bench.Values("A", "energy").Select(value => value.Value));
    }

    [Fact]
    public void A_list_with_dates_missing_here_and_there_stays_a_list()
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(
            "Building ID,Name,Built on,Floors\nA,North,2001-01-01,3\nB,South,,4\nC,East,1999-05-05,5\nD,West,1998-05-05,6\n")).Fault;

        Assert.Equal(ImportFault.MissingRequiredColumns, fault.Code);
        Assert.Contains("this is a list", fault.Message, StringComparison.Ordinal);
    }
}
