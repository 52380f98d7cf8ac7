using Ems.Core.Tables;
using Ems.SamplePlant.Readings;
using Ems.SamplePlant.Sites;
using NodaTime;

namespace Ems.SamplePlant.Loading;

/// <summary>A workbook as the meters of one kind at a site would be exported: local time, meter, a column for each metric.</summary>
internal sealed class SampleFile(SiteReadings readings, MeterKind kind, Instant from, Instant to)
{
    private readonly DateTimeZone _zone = DateTimeZoneProviders.Tzdb[readings.Site.TimeZone];

    private readonly Channel[] _channels =
        [.. readings.Site.Meters.Where(meter => meter.Kind == kind).SelectMany(meter => meter.Channels).Distinct()];

    public string Site => readings.Site.Id;

    public string Name => $"{readings.Site.Id}-{kind.ToString().ToLowerInvariant()}.xlsx";

    public void Write(Stream stream) => TableFile.WriteXlsx(
        new Table("Readings", ["Timestamp", "Meter", .. _channels.Select(channel => channel.Header)], readings.Of(kind, from, to).Select(RowOf)),
        stream);

    private object?[] RowOf(MeterReading reading)
    {
        var row = new object?[2 + _channels.Length];
        row[0] = reading.Start.InZone(_zone).ToDateTimeUnspecified();
        row[1] = reading.Meter.Id;
        foreach (var (channel, value) in reading.Meter.Channels.Zip(reading.Values))
        {
            row[2 + Array.IndexOf(_channels, channel)] = value;
        }

        return row;
    }
}
