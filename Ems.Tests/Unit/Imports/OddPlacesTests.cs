namespace Ems.Tests.Unit.Imports;

/// <summary>Headers, times and faults where nobody looks for them.</summary>
public sealed class OddPlacesTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

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
    public void A_year_that_no_meter_lives_in_is_refused_with_its_row_and_column(string date)
    {
        _bench.RunText($"Date,kWh\n2020-01-01,5\n2020-01-02,6\n{date},7\n2020-01-03,8\n");

        var fault = Assert.Single(_bench.Items.SelectMany(item => item.Faults));
        Assert.Equal(("INVALID_TIMESTAMP", 4, "Date"), (fault.Code, fault.Row, fault.Column));
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
}
