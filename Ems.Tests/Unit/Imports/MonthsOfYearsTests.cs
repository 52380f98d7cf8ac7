using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Rejections;

namespace Ems.Tests.Unit.Imports;

/// <summary>Years above months, months above years, quarters beside years, and several months in one cell, as people keep them.</summary>
public sealed class MonthsOfYearsTests : IDisposable
{
    private static readonly int[] TwoYears = [2023, 2024];
    private static readonly ImportForm Energy = new() { Metric = "energy", Unit = "kWh" };

    private readonly ImportBench _bench = new();

    private string Starts => string.Join(' ', _bench.Readings.OrderBy(reading => reading.EquipmentId).ThenBy(reading => reading.Start).Select(reading =>
        string.Create(CultureInfo.InvariantCulture, $"{reading.EquipmentId} {reading.Start.ToDateTimeUtc():yyyy-MM}={reading.Values[0].Value}")));

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Electricity (kWh)\nBuilding,2022,,2023,\n,Jan,Feb,Jan,Feb\nHall,2198,2,3,4\nPool,5,6,7,2011\n")]
    [InlineData("Electricity (kWh)\n,2022,,2023,\nBuilding,Jan,Feb,Jan,Feb\nHall,2198,2,3,4\nPool,5,6,7,2011\n")]
    [InlineData("Electricity (kWh)\nBuilding,Year 2022,,Year 2023,\n,January,February,January,February\nHall,2198,2,3,4\nPool,5,6,7,2011\n")]
    [InlineData("Electricity (kWh)\nBuilding,2022,,,2023,,\n,Jan,Feb,Total,Jan,Feb,Total\nHall,2198,2,2200,3,4,7\nPool,5,6,11,7,2011,2018\n")]
    public void Years_stand_above_their_months(string text)
    {
        _bench.RunText(text);

        Assert.Equal("Hall 2022-01=2198 Hall 2022-02=2 Hall 2023-01=3 Hall 2023-02=4 Pool 2022-01=5 Pool 2022-02=6 Pool 2023-01=7 Pool 2023-02=2011", Starts);
    }

    [Fact]
    public void Months_stand_above_years()
    {
        _bench.RunText("Electricity (kWh)\nSite,Jan,,Feb,\n,2022,2023,2022,2023\nHall,1,2,3,4\n");

        Assert.Equal("Hall 2022-01=1 Hall 2022-02=3 Hall 2023-01=2 Hall 2023-02=4", Starts);
    }

    [Fact]
    public void Quarters_and_months_of_financial_years_stand_below_them()
    {
        _bench.RunText("Electricity (kWh)\nSite,2022,,,,2023,,,\n,Q1,Q2,Q3,Q4,Q1,Q2,Q3,Q4\nHall,1,2,3,4,5,6,7,8\n");
        Assert.Equal("Hall 2022-01=1 Hall 2022-04=2 Hall 2022-07=3 Hall 2022-10=4 Hall 2023-01=5 Hall 2023-04=6 Hall 2023-07=7 Hall 2023-10=8", Starts);

        using var other = new ImportBench();
        other.RunText("Electricity (kWh)\nSite,2022/23,,,,2023/24,,,\n,Oct,Nov,Jan,Feb,Oct,Nov,Jan,Feb\nHall,1,2,3,4,5,6,7,8\n");
        Assert.Equal(["2022-10", "2022-11", "2023-01", "2023-02", "2023-10", "2023-11", "2024-01", "2024-02"], other.Readings.Select(reading => reading.Start.ToDateTimeUtc().ToString("yyyy-MM", CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("Gas (kWh)\nQuarter,2021,2022\nQ1,1,5\nQ2,2,6\nQ3,3,7\nQ4,4,8\n")]
    [InlineData("Gas (kWh)\nYear,Q1,Q2,Q3,Q4,Total\n2021,1,2,3,4,10\n2022,5,6,7,8,26\n")]
    [InlineData("Year,Quarter,Gas kWh\n2021,Q1,1\n2021,Q2,2\n2021,Q3,3\n2021,Q4,4\n2022,Q1,5\n2022,Q2,6\n2022,Q3,7\n2022,Q4,8\n")]
    [InlineData("Jahr,Quartal,Gas kWh\n2021,1. Quartal,1\n2021,2. Quartal,2\n2021,3. Quartal,3\n2021,4. Quartal,4\n2022,1. Quartal,5\n2022,2. Quartal,6\n2022,3. Quartal,7\n2022,4. Quartal,8\n")]
    [InlineData("Year,Quarter,Gas kWh\n2021,1,1\n2021,2,2\n2021,3,3\n2021,4,4\n2022,1,5\n2022,2,6\n2022,3,7\n2022,4,8\n")]
    [InlineData("Trimestre,Gaz kWh\nT1 2021,1\nT2 2021,2\nT3 2021,3\nT4 2021,4\nT1 2022,5\nT2 2022,6\nT3 2022,7\nT4 2022,8\n")]
    [InlineData("Kwartaal,Gas kWh\n1e kwartaal 2021,1\n2e kwartaal 2021,2\n3e kwartaal 2021,3\n4e kwartaal 2021,4\n1e kwartaal 2022,5\n2e kwartaal 2022,6\n3e kwartaal 2022,7\n4e kwartaal 2022,8\n")]
    public void Quarters_stand_beside_years(string text)
    {
        _bench.RunText(text);

        Assert.Equal("meter 2021-01=1 meter 2021-04=2 meter 2021-07=3 meter 2021-10=4 meter 2022-01=5 meter 2022-04=6 meter 2022-07=7 meter 2022-10=8", Starts);
        Assert.EndsWith("92d 8", _bench.Told[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Year,Q1 kWh,Q2 kWh,Q3 kWh,Q4 kWh,Q5 kWh\n2021,1,2,3,4,5\n2022,5,6,7,8,9\n")]
    [InlineData("Date,Q1 kWh,Q2 kWh,Q3 kWh,Q4 kWh\n2021-01-01,1,2,3,4\n2021-01-02,5,6,7,8\n2021-01-03,3,6,2,8\n")]
    public void Feeders_are_called_as_quarters_are(string text)
    {
        _bench.RunText(text);

        Assert.Contains("Q1", _bench.Readings.Select(reading => reading.EquipmentId));
        Assert.Contains("Q4", _bench.Readings.Select(reading => reading.EquipmentId));
    }

    [Theory]
    [InlineData("Jan-Feb 2023,Mar-Apr 2023", "2023-01-01 59d|2023-03-01 61d")]
    [InlineData("January / February 2023,March / April 2023", "2023-01-01 59d|2023-03-01 61d")]
    [InlineData("Dec-Jan 2023,Feb-Mar 2023", "2022-12-01 62d|2023-02-01 59d")]
    [InlineData("Jan 2023 - Mar 2023,Apr 2023 - Jun 2023", "2023-01-01 90d|2023-04-01 91d")]
    [InlineData("Januar – März 2023,April – Juni 2023", "2023-01-01 90d|2023-04-01 91d")]
    [InlineData("Ene-Feb 2023,Mar-Abr 2023", "2023-01-01 59d|2023-03-01 61d")]
    [InlineData("H1 2023,H2 2023", "2023-01-01 181d|2023-07-01 184d")]
    [InlineData("1. Halbjahr 2023,2. Halbjahr 2023", "2023-01-01 181d|2023-07-01 184d")]
    public void Several_months_in_a_cell_are_one_period(string periods, string intervals)
    {
        _bench.RunText($"Period,kWh\n{string.Join('\n', periods.Split(',').Select((period, i) => $"{period},{100 + i}"))}\n");

        Assert.Equal(intervals.Split('|'), _bench.Told.Select(told => string.Join(' ', told.Split(' ')[^4], told.Split(' ')[^2])));
    }

    [Theory]
    [InlineData("FY,Month,kWh\n2021/22,Oct,1\n2021/22,Dec,2\n2021/22,Jan,3\n2022/23,Oct,4\n2022/23,Dec,5\n2022/23,Jan,6\n")]
    [InlineData("Financial Year,Month,Electricity (kWh)\nFY21/22,Oct,1\nFY21/22,Dec,2\nFY21/22,Jan,3\nFY22/23,Oct,4\nFY22/23,Dec,5\nFY22/23,Jan,6\n")]
    public void Months_beside_a_financial_year_are_of_the_one_they_lie_in(string text)
    {
        _bench.RunText(text);

        Assert.Equal("meter 2021-10=1 meter 2021-12=2 meter 2022-01=3 meter 2022-10=4 meter 2022-12=5 meter 2023-01=6", Starts);
    }

    [Fact]
    public void A_corrected_row_of_a_financial_year_is_of_the_calendar_year_that_it_was_of()
    {
        _bench.RunText("FY,Month,kWh\n2021/22,Oct,1\n2021/22,Dec,2\n2021/22,Jan,x\n2022/23,Oct,4\n2022/23,Dec,5\n2022/23,Jan,6\n");

        using var again = new ImportBench();
        var header = RejectedHeader.Of(Assert.Single(_bench.Facts.Sheets), new ImportJob("meter.csv", "spool", new ImportForm(), "UTC"), 3);
        again.RunText($"FY,Month,kWh,\"{header.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n2021/22,Jan,3,\n", fileName: "rejected.csv");

        Assert.Equal("2022-01", Assert.Single(again.Readings).Start.ToDateTimeUtc().ToString("yyyy-MM", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("FY,Month,kWh\n2021/22,Jan,1\n2021/22,Feb,2\n2021/22,Mar,3\n", "calendar year of each month")]
    [InlineData("Electricity (kWh)\nMonth,2021,2022\nOct,1,2\nNov,3,4\nDec,5,6\nJan,7,8\nFeb,9,10\n", "(2021/22 or 2020/21)")]
    [InlineData("Electricity (kWh)\nSite,2020/21,2021/22\nDepot,1,2\nOffice,3,4\n", "Apr 2020 - Mar 2021")]
    public void Which_year_months_are_of_is_asked(string text, string advice)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal(ImportFault.AmbiguousMapping, fault.Code);
        Assert.Contains(advice, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Years_that_go_on_are_read_with_their_months_in_the_headers()
    {
        _bench.RunText("Electricity (kWh)\nSite,Apr 2020 - Mar 2021,Apr 2021 - Mar 2022\nDepot,1,2\nOffice,3,4\n");

        Assert.Equal("Depot 2020-04=1 Depot 2021-04=2 Office 2020-04=3 Office 2021-04=4", Starts);
        Assert.Contains("365d", _bench.Told[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Building,kWh 2022,Therms 2022\nHall,90000,1000\nPool,80000,2000\n", "column headed Year, and take the years out of the headers")]
    [InlineData("Energy use 2023\nBuilding,Electricity kWh,Gas kWh\nHall,90000,1000\nPool,80000,2000\n", "write 2023 beside each row, in a column headed Year")]
    public void A_table_of_buildings_without_times_is_refused_with_what_to_write(string text, string advice)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Equal(ImportFault.MissingRequiredColumns, fault.Code);
        Assert.Contains(advice, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_year_written_beside_buildings_is_that_of_their_rows()
    {
        _bench.RunText("Year,Building,Electricity kWh\n2023,Hall,90000\n2023,Pool,80000\n", Energy);

        Assert.Equal("Hall 2023-01=90000 Pool 2023-01=80000", Starts);
    }

    [Theory]
    [InlineData("År;Månad;Förbrukning (kWh)", "jan,feb,mar")]
    [InlineData("Rok;Miesiąc;Energia elektryczna (kWh)", "styczeń,luty,marzec")]
    [InlineData("Yıl;Ay;Elektrik (kWh)", "Ocak,Şubat,Mart")]
    [InlineData("Vuosi;Kuukausi;Sähkö (kWh)", "tammikuu,helmikuu,maaliskuu")]
    [InlineData("Bliain;Mí;Electricity (kWh)", "Jan,Feb,Mar")]
    [InlineData("År;Måned;Forbrug (kWh)", "1,2,3")]
    public void Years_stand_beside_months_in_any_language(string headers, string months)
    {
        _bench.RunText($"{headers}\n{string.Concat(TwoYears.SelectMany(year => months.Split(',').Select((month, i) => $"{year};{month};{i + year - 2022}\n")))}");

        Assert.Equal("meter 2023-01=1 meter 2023-02=2 meter 2023-03=3 meter 2024-01=2 meter 2024-02=3 meter 2024-03=4", Starts);
    }

    [Theory]
    [InlineData("Mese,Smc 2023,Smc 2024,Diff. %,€ 2023,€ 2024\nGennaio,1,11,5,200,300\nFebbraio,2,12,5,200,300\nMarzo,3,13,5,200,300\n")]
    [InlineData("Monat,Verbrauch 2024 [kWh],Verbrauch 2023 [kWh],Abweichung %\nJanuar,11,1,5\nFebruar,12,2,5\nMärz,13,3,5\n")]
    public void A_year_may_stand_behind_what_is_measured(string text)
    {
        _bench.RunText(text, fileName: "Gas.csv");

        Assert.Equal("Gas 2023-01=1 Gas 2023-02=2 Gas 2023-03=3 Gas 2024-01=11 Gas 2024-02=12 Gas 2024-03=13", Starts);
    }

    [Theory]
    [InlineData("Month,District heat MWh,,Electricity kWh,\n,2023,2024,2023,2024\nJan,1,2,3,4\nFeb,5,6,7,8\nMar,9,10,11,12\n", "Below each of District heat MWh, Electricity kWh stand the same years")]
    [InlineData("Pand,Elektriciteit (kWh),,,Gas (m³),,\n,2021,2022,2023,2021,2022,2023\nA,1,2,3,4,5,6\nB,1,2,3,4,5,6\n", "Put each on a sheet of its own")]
    [InlineData("Month,Electricity 2023 kWh,Electricity 2024 kWh,Gas 2023 kWh,Gas 2024 kWh\nJan,1,2,3,4\nFeb,5,6,7,8\nMar,9,10,11,12\n", "a column for each of what is measured, without a year in its header")]
    public void Years_of_several_carriers_are_refused_with_how_to_write_them(string text, string advice)
    {
        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text)).Fault;

        Assert.Contains(advice, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Місяць", "Січень,Лютий,Березень,Квітень")]
    [InlineData("Mēnesis", "janvāris,februāris,marts,aprīlis")]
    [InlineData("Mesec", "januar,februar,marec,april")]
    [InlineData("Bulan", "Januari,Februari,Maret,April")]
    [InlineData("月", "1月,2月,3月,4月")]
    [InlineData("Miesiąc", "I,II,III,IV")]
    public void Months_have_names_and_numbers_in_more_languages(string header, string months)
    {
        _bench.RunText($"2023\n{header},kWh\n{string.Join('\n', months.Split(',').Select((month, i) => $"{month},{i + 1}"))}\n");

        Assert.Equal("meter 2023-01=1 meter 2023-02=2 meter 2023-03=3 meter 2023-04=4", Starts);
    }

    [Fact]
    public void The_fiscal_year_of_Japan_begins_with_April()
    {
        _bench.RunText("エネルギー使用量 2024年度\n月,電力(kWh)\n4月,1\n12月,2\n1月,3\n3月,4\n");

        Assert.Equal(["2024-04", "2024-12", "2025-01", "2025-03"], _bench.Readings.Select(reading => reading.Start.ToDateTimeUtc().ToString("yyyy-MM", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Months_of_a_language_that_is_not_known_are_refused_with_how_to_write_them()
    {
        string[] months = ["Siječanj", "Veljača", "Ožujak", "Travanj", "Svibanj", "Lipanj", "Srpanj", "Kolovoz", "Rujan", "Listopad", "Studeni", "Prosinac"];

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText($"Mjesec,kWh\n{string.Join('\n', months.Select((month, i) => $"{month},{i + 1}"))}\n", fileName: "2023.csv")).Fault;

        Assert.Contains("write them with numbers, as 2024-01", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Year,Quarter,Month,kWh\n2023,Q1,1,1\n2023,Q1,2,2\n2023,Q1,3,3\n2023,Q2,4,4\n")]
    [InlineData("Year,Quarter,Month,kWh\n2023,1,Jan,1\n2023,1,Feb,2\n2023,1,Mar,3\n2023,2,Apr,4\n")]
    [InlineData("Year,Period,Month,kWh\n2023,H1,Jan,1\n2023,H1,Feb,2\n2023,H1,Mar,3\n2023,H1,Apr,4\n")]
    public void Beside_months_their_quarters_say_nothing_more(string text)
    {
        _bench.RunText(text);

        Assert.Equal("meter 2023-01=1 meter 2023-02=2 meter 2023-03=3 meter 2023-04=4", Starts);
    }

    [Theory]
    [InlineData("Energy 2024\nMonth,T1 kWh,T2 kWh,T3 kWh,T4 kWh\nJan,1,2,3,4\nFeb,5,6,7,8\nMar,9,10,11,12\n")]
    [InlineData("January 2024\nDay,T1 kWh,T2 kWh,T3 kWh,T4 kWh\n1,1,2,3,4\n2,5,6,7,8\n3,9,10,11,12\n")]
    [InlineData("Energy 2024\nMonth,H1 kWh,H2 kWh\nJan,1,2\nFeb,5,6\nMar,9,10\n")]
    public void Transformers_and_halls_above_months_are_no_quarters(string text)
    {
        _bench.RunText(text);

        Assert.All(_bench.Told.Where(told => told.Contains("-01-01", StringComparison.Ordinal)), told => Assert.Contains(text.StartsWith("January", StringComparison.Ordinal) ? " 1d " : " 31d ", told, StringComparison.Ordinal));
        Assert.Equal(3, _bench.Readings.Count(reading => reading.EquipmentId is "T1" or "H1"));
    }
}
