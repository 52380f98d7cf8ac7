using System.Globalization;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;

namespace Ems.Tests.Unit.Imports;

/// <summary>Matrices whose times of day go on past 24:00 for the day of 25 hours, as forms of 50 half-hours do.</summary>
public sealed class LongDayMatrixTests : IDisposable
{
    private static readonly ImportForm London = new() { TimeZone = "Europe/London" };

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(30, 30, "HH:mm", LabelMeaning.End)]
    [InlineData(30, 0, "HH:mm", LabelMeaning.Start)]
    [InlineData(60, 60, "HH:mm", LabelMeaning.End)]
    [InlineData(60, 0, "HH:mm", LabelMeaning.Start)]
    [InlineData(15, 0, "HH:mm:ss", LabelMeaning.Start)]
    [InlineData(30, 30, "HHmm", LabelMeaning.End)]
    [InlineData(30, 0, "HHmm", LabelMeaning.Start)]
    [InlineData(30, 0, "HH:mm (kWh)", LabelMeaning.Start)]
    [InlineData(30, 0, "HH:mm - ", LabelMeaning.Start)]
    public void Columns_after_24_00_are_the_last_hour_of_the_day_of_25(int minutes, int first, string form, LabelMeaning label)
    {
        _bench.RunText($"MPAN,Unit,Date,{Headers(minutes, first, form)}\n{Day("26/10/2024", minutes, 24)}{Day("27/10/2024", minutes, 25)}{Day("28/10/2024", minutes, 24)}", London);

        Assert.Empty(_bench.FaultCodes);
        Assert.Equal(label, _bench.Facts.Sheets[0].Label);
        Assert.Equal("", _bench.Assumed("left_out"));
        var perHour = 60 / minutes;
        var values = _bench.Readings.OrderBy(reading => reading.Start).ToList();
        Assert.Equal(73 * perHour, values.Count);
        Assert.Equal(Values(24 * perHour).Concat(Values(25 * perHour)).Concat(Values(24 * perHour)), values.Select(reading => reading.Values[0].Value));
        Assert.All(values.Zip(values.Skip(1)), pair => Assert.Equal(pair.First.Start + pair.First.Length, pair.Second.Start));
        Assert.Equal("2024-10-25T23:00:00Z", Shown(values[0].Start));
    }

    [Fact]
    public void A_file_of_one_day_is_labelled_as_that_of_its_month_is()
    {
        _bench.RunText($"MPAN,Unit,Date,{Headers(60, 0, "HH:mm")}\n{Day("12/06/2024", 60, 24)}", London with { Mapping = new() { DateOrder = "dmy" } });

        Assert.Equal(LabelMeaning.Start, _bench.Facts.Sheets[0].Label);
        Assert.Equal(24, _bench.Readings.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_day_of_25_hours_alone_is_asked_about_and_either_answer_is_taken(int meters)
    {
        var text = $"MPAN,Unit,Date,{Headers(60, 0, "HH:mm")}\n{string.Concat(Enumerable.Range(0, meters).Select(meter => Day("27/10/2024", 60, 25).Replace("5802,", $"580{meter},", StringComparison.Ordinal)))}";

        var fault = Assert.Throws<ImportFaultException>(() => _bench.RunText(text, London)).Fault;
        Assert.Contains("timestamp_label=start", fault.Message, StringComparison.Ordinal);
        _bench.RunText(text, London with { TimestampLabel = LabelMeaning.Start });
        Assert.Equal(25 * meters, _bench.Readings.Count);
        Assert.Equal(("2024-10-26T23:00:00Z", "2024-10-27T23:00:00Z"), (Shown(_bench.Readings.Min(reading => reading.Start)), Shown(_bench.Readings.Max(reading => reading.Start))));

        using var ends = new ImportBench();
        ends.RunText(text, London with { TimestampLabel = LabelMeaning.End });
        Assert.Equal("2024-10-26T22:00:00Z", Shown(ends.Readings.Min(reading => reading.Start)));
    }

    [Fact]
    public void Where_every_day_has_24_00_it_ends_the_day()
    {
        _bench.RunText($"MPAN,Unit,Date,{Headers(60, 0, "HH:mm")}\n{Day("12/06/2024", 60, 25)}{Day("13/06/2024", 60, 25)}", London);

        Assert.Equal(LabelMeaning.End, _bench.Facts.Sheets[0].Label);
    }

    private static string Shown(NodaTime.Instant at) => at.ToString("uuuu-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Headers(int minutes, int first, string form) => string.Join(',', Enumerable.Range(0, 25 * 60 / minutes).Select(i => first + (i * minutes)).Select(at =>
        form.Replace("HH", $"{at / 60:00}", StringComparison.Ordinal).Replace("mm", $"{at % 60:00}", StringComparison.Ordinal).Replace("ss", "00", StringComparison.Ordinal)
        + (form.EndsWith(' ') ? $"{(at + minutes) / 60:00}:{(at + minutes) % 60:00}" : "")));

    private static string Day(string date, int minutes, int hours) =>
        $"1200012345802,kWh,{date},{string.Join(',', Values(hours * 60 / minutes))}{new string(',', (25 - hours) * 60 / minutes)}\n";

    private static IEnumerable<double> Values(int count) => Enumerable.Range(1, count).Select(i => i % 2 == 0 ? i : 200.0 - i);
}
