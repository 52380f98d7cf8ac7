using System.Globalization;
using System.Text.Json;
using Ems.Tests.Unit.Imports;
using NodaTime.Text;

namespace Ems.Tests.Functional;

/// <summary>A plain aggregate of a real hourly meter, worked out elsewhere.</summary>
/// <param name="When">When an extreme was, or the month or hour that the value is of.</param>
internal sealed record AnswerKey(string Question, double Expected, string When)
{
    public static IReadOnlyList<AnswerKey> Of(string file)
    {
        // The question itself may hold commas.
        var rows = File.ReadLines(ImportBench.RealFile("nlq/answer_key_meters.csv")).Select(line => line.Split(','))
            .Where(cells => cells[0] == file)
            .Select(cells => new AnswerKey(cells[2], double.Parse(cells[^2], CultureInfo.InvariantCulture), cells[^1]))
            .ToList();
        Assert.NotEmpty(rows);
        return rows;
    }

    /// <param name="ask">Answers a general question.</param>
    /// <param name="series">Answers the query string of a request for series.</param>
    public async Task CheckAsync(string equipment, Func<string, Task<JsonElement>> ask, Func<string, Task<JsonElement>> series)
    {
        switch (Question)
        {
            case "sum of all hourly values":
                await ExpectAsync("sum", "");
                break;
            case "mean":
                await ExpectAsync("mean", "");
                break;
            case "maximum":
                Assert.Equal(Iso(When), (await ExpectAsync("max", "")).GetProperty("at").GetString());
                break;
            case "minimum":
                Assert.Equal(Iso(When), (await ExpectAsync("min", "")).GetProperty("at").GetString());
                break;
            case "mean on weekdays (Mon-Fri)":
                await ExpectAsync("mean", ""","filters":{"weekdays":[1,2,3,4,5]}""");
                break;
            case "mean at weekends":
                await ExpectAsync("mean", ""","filters":{"weekdays":["saturday","sun"]}""");
                break;
            case "hour of day (0-23) with the highest mean":
                var hour = await ExpectAsync("mean", ""","group_by":"hour_of_day","order":"desc","limit":1""");
                Assert.Equal(int.Parse(When, CultureInfo.InvariantCulture), hour.GetProperty("hour_of_day").GetInt32());
                break;
            case "missing hours between first and last":
                var points = (await series($"equipment_id={equipment}&metric=energy&bucket=hour")).GetProperty("series")[0].GetProperty("points");
                Assert.Equal((int)Expected, points.EnumerateArray().Count(point => point.GetProperty("value").ValueKind == JsonValueKind.Null));
                break;
            case "monthly total":
                var month = LocalDatePattern.Iso.Parse($"{When}-01").Value;
                await ExpectAsync("sum", $""","from":"{month:uuuu-MM-dd}","to":"{month.PlusMonths(1):uuuu-MM-dd}" """);
                break;
            default:
                Assert.StartsWith("day with the highest daily total", Question, StringComparison.Ordinal);
                var day = await ExpectAsync("sum", ""","group_by":"day","filters":{"min_coverage":0.8},"order":"desc","limit":1""");
                Assert.Equal(When, day.GetProperty("day").GetString());
                break;
        }

        async Task<JsonElement> ExpectAsync(string aggregate, string rest)
        {
            var answer = await ask($$"""{"metric":"energy","equipment":"{{equipment}}","aggregate":"{{aggregate}}"{{rest}}}""");
            var row = answer.GetProperty("rows")[0];
            Assert.Equal(Expected, row.GetProperty("value").GetDouble(), 0.00051);
            return row;
        }
    }

    private static string Iso(string when) => when.Replace(' ', 'T') + "Z";
}
