using System.Globalization;
using System.Text;

namespace Ems.Tests.EndToEnd;

/// <summary>A file of five-minute energies of some meters, dense enough for roll-ups, whose every value is known.</summary>
internal sealed record GeneratedMeters(string Prefix, int Rows, int Meters = 4)
{
    private const int RowsPerRequest = 50_000;
    private static readonly DateTimeOffset Start = new(2019, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public int Readings => Rows * Meters;

    public IReadOnlyList<string> EquipmentIds => [.. Enumerable.Range(0, Meters).Select(meter => $"{Prefix}m{meter}")];

    public byte[] ToCsv()
    {
        var text = new StringBuilder("timestamp");
        foreach (var id in EquipmentIds)
        {
            text.Append(CultureInfo.InvariantCulture, $",{id} (kWh)");
        }

        for (var row = 0; row < Rows; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{TimeOf(row):yyyy-MM-dd HH:mm}");
            for (var meter = 0; meter < Meters; meter++)
            {
                text.Append(CultureInfo.InvariantCulture, $",{ValueAt(row, meter)}");
            }
        }

        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }

    /// <summary>Every value as it was sent, and every day's total, by the public routes.</summary>
    public async Task CheckStoredAsync(HttpClient api)
    {
        for (var meter = 0; meter < Meters; meter++)
        {
            for (var first = 0; first < Rows; first += RowsPerRequest)
            {
                await CheckStoredAsync(api, meter, [.. Enumerable.Range(first, Math.Min(RowsPerRequest, Rows - first))]);
            }
        }
    }

    private async Task CheckStoredAsync(HttpClient api, int meter, IReadOnlyList<int> rows)
    {
        var id = EquipmentIds[meter];
        var query = $"equipment_id={id}&metric=energy&time_zone=UTC&from={TimeOf(rows[0]):yyyy-MM-ddTHH:mm:ss}Z&to={TimeOf(rows[^1] + 1):yyyy-MM-ddTHH:mm:ss}Z";
        var values = await api.ValuesAsync($"{query}&bucket=raw");
        Assert.Equal(rows.Select(row => (double)ValueAt(row, meter)), values[id].Values);
        var days = await api.ValuesAsync($"{query}&bucket=day");
        Assert.Equal(rows.GroupBy(row => TimeOf(row).Date).Select(day => day.Sum(row => (double)ValueAt(row, meter))), days[id].Values);
    }

    private static DateTimeOffset TimeOf(int row) => Start.AddMinutes(5 * row);

    private static int ValueAt(int row, int meter) => ((row * 7) + meter) % 97;
}
