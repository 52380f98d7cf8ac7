using System.Globalization;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Ingestion.Imports.Mappings;

namespace Ems.Tests.Unit.Imports;

/// <summary>Dates that a program took for others as it opened the file: the day for the month, where it could.</summary>
public sealed class SwappedDatesTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(24)]
    [InlineData(1)]
    public void They_are_told_by_the_texts_that_were_left(int hours)
    {
        var fault = Assert.Throws<ImportFaultException>(() => Run(new DateTime(2024, 6, 1), 30 * hours, 24 / hours, isSwapped: true)).Fault;

        Assert.Contains("day and month of those dates change places", fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, fault.Row);
    }

    [Fact]
    public void No_date_order_mends_them() => Assert.Throws<ImportFaultException>(() => Run(new DateTime(2024, 6, 1), 30, 24, isSwapped: true, new ImportForm { Mapping = new ImportMapping { DateOrder = "dmy" } }));

    [Fact]
    public void Dates_of_bills_are_told_by_their_ends()
    {
        var text = string.Concat(Enumerable.Range(1, 12).Select(month => $"2024-01-{month:00},{DateTime.DaysInMonth(2024, month)}/{month:00}/2024,{100 + month}\n"));

        Assert.Throws<ImportFaultException>(() => _bench.RunText($"From,To,kWh\n{text}"));
    }

    [Fact]
    public void Dates_that_follow_each_other_as_they_stand_are_read_so()
    {
        Run(new DateTime(2024, 6, 1), 30, 24, isSwapped: false);

        Assert.Equal(30, _bench.Readings.Count);
        Assert.All(_bench.Readings, reading => Assert.Equal(6, reading.Start.InUtc().Month));
    }

    [Fact]
    public void So_are_meters_one_after_the_other()
    {
        var days = Enumerable.Range(1, 30).Select(day => day <= 12 ? $"2024-06-{day:00}" : $"{day}/06/2024").ToList();
        _bench.RunText($"Meter,Date,kWh\n{string.Concat("AB".SelectMany(meter => days.Select((day, i) => $"{meter},{day},{50 + (i * 7 % 30)}\n")))}");

        Assert.Equal(60, _bench.Readings.Count);
    }

    private void Run(DateTime from, int count, int hours, bool isSwapped, ImportForm? form = null) => _bench.RunWorkbook(
        workbook =>
        {
            var sheet = workbook.AddWorksheet("Main");
            (sheet.Cell(1, 1).Value, sheet.Cell(1, 2).Value) = ("Date", "kWh");
            for (var i = 0; i < count; i++)
            {
                var time = from.AddHours(i * hours);
                if (time.Day > 12)
                {
                    sheet.Cell(i + 2, 1).Value = time.ToString("dd/MM/yyyy HH:mm", CultureInfo.InvariantCulture);
                }
                else
                {
                    sheet.Cell(i + 2, 1).Value = isSwapped ? new DateTime(time.Year, time.Day, time.Month).Add(time.TimeOfDay) : time;
                }

                sheet.Cell(i + 2, 2).Value = 500 + (i * 7 % 90);
            }
        }, form);
}
