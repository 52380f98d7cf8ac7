using System.Text;
using Ems.Core.Metering;
using Ems.Ingestion.Files;
using Ems.Ingestion.Imports;
using Ems.Tests.Unit.Imports;

namespace Ems.Tests.Unit.Files;

/// <summary>Feeds of Green Button with more than one series.</summary>
public sealed class GreenButtonTests : IDisposable
{
    private const string Electricity = "<kind>0</kind>";
    private const string Gas = "<kind>1</kind>";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Each_usage_point_is_a_meter_with_its_name_its_carrier_and_its_power_of_ten()
    {
        Run(
            Point("1", "Hall 3", Electricity), Series("1", 1, "<powerOfTenMultiplier>3</powerOfTenMultiplier><uom>72</uom>", Reading(0, 2), Reading(1, 3, quality: 8)),
            Point("2", "Boiler house", Gas), Series("2", 2, "<commodity>7</commodity><powerOfTenMultiplier>-2</powerOfTenMultiplier><uom>119</uom>", Reading(0, 1_000)));

        Assert.Equal(
            ["1 energy 2024-01-01 00:00 1h 2", "1 energy 2024-01-01 01:00 1h 3", "2 gas_volume 2024-01-01 00:00 1h 0.283168"], _bench.Told);
        Assert.Equal([("1", "Hall 3", "electricity"), ("2", "Boiler house", "gas")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Name, meter.Carrier)));
        Assert.Equal([false, true, false], _bench.Readings.Select(reading => reading.Flags.HasFlag(ReadingFlags.Estimated)));
    }

    [Fact]
    public void Electricity_in_watt_hours_and_gas_in_therms_are_read_together()
    {
        Run(
            Point("1", "", Electricity), Series("1", 1, "<commodity>1</commodity><uom>72</uom>", [.. Enumerable.Range(0, 120).Select(hour => Reading(hour, 1_000 + hour))]),
            Point("2", "", Gas), Series("2", 2, "<commodity>7</commodity><powerOfTenMultiplier>-3</powerOfTenMultiplier><uom>169</uom>", Reading(0, 500), Reading(1, 250)));

        Assert.Equal(1.119, _bench.Readings.Last(reading => reading.EquipmentId == "1").Values.Single().Value, 9);
        Assert.Equal(["2 energy 2024-01-01 00:00 1h 14.653554", "2 energy 2024-01-01 01:00 1h 7.326777"], _bench.Told.Where(told => told.StartsWith("2 ", StringComparison.Ordinal)));
        Assert.Equal(["electricity", "gas"], _bench.Facts.Meters.Select(meter => meter.Carrier));
    }

    [Fact]
    public void A_series_in_a_unit_that_is_not_known_or_of_extremes_is_left_out_and_said()
    {
        Run(
            Point("1", "Hall 3", Electricity),
            Series("1", 1, "<uom>72</uom>", Reading(0, 2_000)), Series("1", 2, "<uom>140</uom>", Reading(0, 7)),
            Series("1", 3, "<dataQualifier>8</dataQualifier><uom>38</uom>", Reading(0, 9_000)), Series("1", 4, "<dataQualifier>9</dataQualifier><uom>38</uom>", Reading(0, 1)),
            Series("1", 5, "<dataQualifier>2</dataQualifier><uom>38</uom>", Reading(0, 2_500)));

        Assert.Equal(["1 active_power 2024-01-01 00:00 1h 2.5", "1 energy 2024-01-01 00:00 1h 2"], _bench.Told);
        Assert.Equal(
            ["the ESPI unit 140 is not known", "a greatest or least value is not the mean of its interval", "a greatest or least value is not the mean of its interval"],
            _bench.Facts.Assumptions.Where(assumption => assumption.What == "left_out").Select(assumption => assumption.Why));
    }

    [Theory]
    [InlineData("/RetailCustomer/1/UsagePoint/1", "/RetailCustomer/2/UsagePoint/1", "1:1", "2:1")]
    [InlineData("/espi/1_1/resource/Subscription/7/UsagePoint/01", "/espi/1_1/resource/Subscription/8/UsagePoint/02", "7:01", "8:02")]
    [InlineData("/v1/User/6150855/UsagePoint/409483", "/v1/User/6150856/UsagePoint/409484", "409483", "409484")]
    [InlineData("/v1/User/6150855/UsagePoint/409483", "/v1/User/6150856/UsagePoint/409483", "6150855:409483", "6150856:409483")]
    [InlineData("/resource/UsagePoint/1", "/resource/UsagePoint/2", "1", "2")]
    public void Points_that_are_numbered_by_their_customers_are_called_by_both(string one, string other, string first, string second)
    {
        Run(
            Entry(one, "", $"<content><UsagePoint><ServiceCategory>{Electricity}</ServiceCategory></UsagePoint></content>"), SeriesAt(one, 1, "<uom>72</uom>", Reading(0, 2_000)),
            Entry(other, "", $"<content><UsagePoint><ServiceCategory>{Electricity}</ServiceCategory></UsagePoint></content>"), SeriesAt(other, 2, "<uom>72</uom>", Reading(0, 3_000)));

        Assert.Equal([$"{first} energy 2024-01-01 00:00 1h 2", $"{second} energy 2024-01-01 00:00 1h 3"], _bench.Told);
    }

    [Theory]
    [InlineData("RetailCustomer/9b6c7063/UsagePoint/", "ReadingType/", "ReadingType/")]
    [InlineData("UsagePoint/", "ReadingType/", "ReadingType/")]
    [InlineData("/espi/1_1/resource/UsagePoint/", "https://utility.example/DataCustodian/espi/1_1/resource/ReadingType/", "ReadingType/")]
    [InlineData("RetailCustomer/9b6c7063/UsagePoint/", "ReadingType/", "/espi/1_1/resource/ReadingType/")]
    public void Entries_may_refer_to_each_other_from_the_first_resource_on(string points, string related, string types)
    {
        Run(
            Entry($"{points}0012345", "", $"<content><UsagePoint><ServiceCategory>{Electricity}</ServiceCategory></UsagePoint></content>"), Entry($"{points}0099881", "", $"<content><UsagePoint><ServiceCategory>{Gas}</ServiceCategory></UsagePoint></content>"),
            Linked($"{points}0012345", "07"), Linked($"{points}0099881", "08"),
            Entry($"{types}07", "", "<content><ReadingType><uom>72</uom></ReadingType></content>"), Entry($"{types}08", "", "<content><ReadingType><commodity>7</commodity><uom>42</uom></ReadingType></content>"));

        Assert.Equal(["0012345 energy 2024-01-01 00:00 1h 2", "0099881 gas_volume 2024-01-01 00:00 1h 2000"], _bench.Told);

        string Linked(string point, string type) =>
            Entry($"{point}/MeterReading/01", $"""<link rel="related" href="{related}{type}"/>""", "<content><MeterReading/></content>")
            + Entry($"{point}/MeterReading/01/IntervalBlock/01", "", $"<content><IntervalBlock>{Reading(0, 2_000)}</IntervalBlock></content>");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_meter_that_is_named_without_its_point_is_that_of_the_point_which_links_say(bool says, bool isSaid)
    {
        Run(At("0012345", "01"), At("0099881", "02"), Entry("ReadingType/07", "", "<content><ReadingType><uom>72</uom></ReadingType></content>"));

        Assert.Equal(["0012345 energy 2024-01-01 00:00 1h 2", "0099881 energy 2024-01-01 00:00 1h 2"], _bench.Told);

        string At(string point, string meter) =>
            Entry($"UsagePoint/{point}", isSaid ? $"""<link rel="related" href="MeterReading/{meter}"/>""" : "", $"<content><UsagePoint><ServiceCategory>{Electricity}</ServiceCategory></UsagePoint></content>")
            + Entry($"MeterReading/{meter}", (says ? $"""<link rel="up" href="UsagePoint/{point}/MeterReading"/>""" : "") + """<link rel="related" href="ReadingType/07"/>""", "<content><MeterReading/></content>")
            + Entry($"MeterReading/{meter}/IntervalBlock/01", "", $"<content><IntervalBlock>{Reading(0, 2_000)}</IntervalBlock></content>");
    }

    [Fact]
    public void Values_with_decimals_are_read_and_what_is_no_number_is_told_of()
    {
        Run(Point("1", "Hall 3", Electricity), Series("1", 1, "<uom>72</uom>",
            Reading(0, 5_087).Replace("5087", "5087.0", StringComparison.Ordinal), Reading(1, 250).Replace("250", "250.5", StringComparison.Ordinal), Reading(2, 777).Replace("777", "n/k", StringComparison.Ordinal), Reading(3, 4_000)));

        Assert.Equal(["1 energy 2024-01-01 00:00 1h 5.087", "1 energy 2024-01-01 01:00 1h 0.2505", "1 energy 2024-01-01 03:00 1h 4"], _bench.Told);
        Assert.Single(_bench.FaultCodes);
    }

    [Theory]
    [InlineData("/Subscription/7/UsagePoint/1", "1", "hall")]
    [InlineData("/Subscription/7/UsagePoint/1", "7:1", "hall")]
    [InlineData("/Subscription/7/UsagePoint/1", "8:1", "7:1")]
    public void The_request_may_name_a_point_without_its_customer(string point, string name, string expected)
    {
        Run(new ImportForm { Mapping = new() { Equipment = new Dictionary<string, string> { [name] = "hall" } } }, SeriesAt(point, 1, "<uom>72</uom>", Reading(0, 2_000)));

        Assert.Equal([$"{expected} energy 2024-01-01 00:00 1h 2"], _bench.Told);
    }

    [Fact]
    public void A_number_that_customers_share_is_said_and_names_none_of_their_points()
    {
        Run(
            new ImportForm { Mapping = new() { Equipment = new Dictionary<string, string> { ["1000"] = "none", ["7:1000"] = "1000" } } },
            SeriesAt("/Subscription/7/UsagePoint/1000", 1, "<uom>72</uom>", Reading(0, 2_000)), SeriesAt("/Subscription/8/UsagePoint/1000", 2, "<uom>72</uom>", Reading(0, 3_000)));

        Assert.Equal(["1000 energy 2024-01-01 00:00 1h 2", "8:1000 energy 2024-01-01 00:00 1h 3"], _bench.Told);
        Assert.Equal("customer:1000", _bench.Assumed("equipment_id"));
    }

    [Theory]
    [InlineData(120, "gas_volume 2024-01-01 00:00 1h 2.831685")]
    [InlineData(121, "gas_volume 2024-01-01 00:00 1h 2.831685")]
    [InlineData(130, "gas_volume 2024-01-01 00:00 1h 0.454609")]
    [InlineData(156, "gas_volume 2024-01-01 00:00 1h 0.1")]
    [InlineData(166, "gas_volume 2024-01-01 00:00 1h 100")]
    [InlineData(167, "gas_volume 2024-01-01 00:00 1h 100")]
    public void Volumes_come_in_many_units(int unit, string expected)
    {
        Run(Point("1", "Boiler", Gas), Series("1", 1, $"<commodity>7</commodity><uom>{unit}</uom>", Reading(0, 100)));

        Assert.Equal([$"1 {expected}"], _bench.Told);
    }

    [Fact]
    public void What_flows_out_is_counted_below_zero_on_a_meter_of_exports()
    {
        Run(
            Point("920", "Main St 1", Electricity), Series("920", 1, "<flowDirection>1</flowDirection><uom>72</uom>", Reading(0, 10_000)),
            Series("920", 2, "<flowDirection>19</flowDirection><uom>72</uom>", Reading(0, 4_000)), Series("920", 3, "<accumulationBehaviour>1</accumulationBehaviour><flowDirection>19</flowDirection><uom>72</uom>", Reading(0, 9_000)));

        Assert.Equal(["920 energy 2024-01-01 00:00 1h 10", "920-export energy 2024-01-01 00:00 1h -4", "920-export energy_export_register 2024-01-01 00:00 9"], _bench.Told);
        Assert.Equal([("920", "electricity", false), ("920-export", "electricity", true)], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Carrier!, meter.IsExport)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void What_was_counted_since_a_meter_was_made_is_a_register(int accumulation)
    {
        Run(Point("1", "Hall 3", Electricity), Series("1", 1, $"<accumulationBehaviour>{accumulation}</accumulationBehaviour><uom>72</uom>", Reading(0, 15_000_000), Reading(1, 15_025_000)));

        Assert.Equal([15_000.0, 15_025], _bench.Values("1", "energy_import_register").Select(value => value.Value));
    }

    [Theory]
    [InlineData("360E2000", "B40E2000", 3_600, -18_000, "America/New_York")]
    [InlineData("360e2000", "b40e2000", 3_600, -21_600, "America/Chicago")]
    [InlineData("360E2000", "B40E2000", 3_600, -25_200, "America/Denver")]
    [InlineData("360E2000", "B40E2000", 3_600, -28_800, "America/Los_Angeles")]
    [InlineData("00000000", "00000000", 0, -25_200, "Etc/GMT+7")]
    [InlineData("", "", 0, 0, "UTC")]
    [InlineData("360E2000", "B40E2000", 3_600, -14_400, null)]
    [InlineData("360E2000", "B40E2000", 0, -18_000, null)]
    [InlineData("B40E2000", "360E2000", 3_600, -18_000, null)]
    [InlineData("3E0E2000", "AE0E3000", 3_600, 3_600, null)]
    [InlineData("00000000", "00000000", 0, 19_800, null)]
    [InlineData("", "", 3_600, -18_000, null)]
    public void The_zone_of_a_feed_is_known_where_its_offset_and_its_rules_leave_nothing_open(string start, string end, int summer, int offset, string? zone)
    {
        Run(LocalTime(start, end, summer, offset), Point("1", "Hall 3", Electricity), Series("1", 1, "<uom>72</uom>", Reading(0, 10_000)));

        Assert.Equal(zone, _bench.Facts.Sheets.Single().Layout.FeedZone);
        Assert.Equal(zone is null, _bench.Facts.Assumptions.Any(assumption => assumption.What == "time_zone" && assumption.Value.Contains($"tzOffset {offset}", StringComparison.Ordinal) && assumption.Why.Contains("send time_zone", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_feed_of_customers_in_two_zones_is_of_none()
    {
        Run(
            LocalTime("360E2000", "B40E2000", 3_600, -18_000), LocalTime("360E2000", "B40E2000", 3_600, -21_600),
            Point("1", "Hall 3", Electricity), Series("1", 1, "<uom>72</uom>", Reading(0, 10_000)));

        Assert.Null(_bench.Facts.Sheets.Single().Layout.FeedZone);
        Assert.Equal(2, _bench.Facts.Assumptions.Count(assumption => assumption.What == "time_zone"));
    }

    [Fact]
    public void What_goes_up_and_down_is_no_register_whatever_the_feed_says()
    {
        Run(Point("1", "Hall 3", Electricity), Series("1", 1, "<accumulationBehaviour>9</accumulationBehaviour><uom>72</uom>", [.. Enumerable.Range(0, 12).Select(hour => Reading(hour, 5_000 + (hour * 7 % 5)))]));

        Assert.Equal(12, _bench.Values("1", "energy").Count());
    }

    [Fact]
    public void A_feed_without_a_series_that_can_be_read_is_refused_with_what_there_is()
    {
        var refused = Assert.Throws<ImportFaultException>(() => Run(Point("1", "Hall 3", Electricity), Series("1", 1, "<uom>140</uom>", Reading(0, 1))));

        Assert.Equal(ImportFault.UnknownUnit, refused.Fault.Code);
        Assert.Contains("unit 140", refused.Fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(900, "15m")]
    [InlineData(3_600, "1h")]
    [InlineData(86_400, "1d")]
    public void An_interval_that_begins_a_second_late_is_that_from_the_full_minute_on(int duration, string length)
    {
        var late = duration <= 3_600 ? 1 : 0;
        Run(
            Point("1", "Hall 3", Electricity),
            Series("1", 1, "<uom>72</uom>", At(1_704_067_200 + late, duration, 2_000), At(1_704_067_200 + duration, duration, 3_000), At(1_704_067_200 + (2 * duration) + late, duration, 4_000)));

        Assert.Equal([2.0, 3, 4], _bench.Values("1", "energy").Select(value => value.Value));
        Assert.StartsWith($"1 energy 2024-01-01 00:00 {length} 2", _bench.Told[0], StringComparison.Ordinal);
        Assert.Single(_bench.Readings.Select(reading => reading.Length).Distinct());
    }

    [Theory]
    [InlineData("UsageSummary")]
    [InlineData("ElectricPowerUsageSummary")]
    public void A_bill_is_an_interval_of_a_meter_without_readings(string name)
    {
        Run(
            Bill("7", name, 1_701_388_800, 31, 172), Bill("7", name, 1_704_067_200, 31, 180), Point("7", "Boiler", Gas),
            Point("8", "Kitchen", Gas), Bill("8", name, 1_704_067_200, 31, 90), Series("8", 1, "<commodity>7</commodity><uom>42</uom>", Reading(0, 5)));

        Assert.Equal(["7 gas_volume 2023-12-01 00:00 31d 172", "7 gas_volume 2024-01-01 00:00 31d 180", "8 gas_volume 2024-01-01 00:00 1h 5"], _bench.Told);
        Assert.Equal([("7", "Boiler", "gas"), ("8", "Kitchen", "gas")], _bench.Facts.Meters.Select(meter => (meter.EquipmentId, meter.Name, meter.Carrier)).Order());
        Assert.Equal("7: the period of a bill", _bench.Assumed("interval"));
    }

    [Fact]
    public void Bills_alone_that_do_not_say_what_was_consumed_are_refused_as_such()
    {
        var refused = Assert.Throws<ImportFaultException>(() => Run(
            Point("7", "Boiler", Gas), Entry("/UsagePoint/7/UsageSummary/1", "", "<content><UsageSummary><billingPeriod><duration>2678400</duration><start>1704067200</start></billingPeriod></UsageSummary></content>")));

        Assert.Contains("holds bills only", refused.Fault.Message, StringComparison.Ordinal);
    }

    private void Run(params string[] entries) => Run(new ImportForm(), entries);

    private void Run(ImportForm form, params string[] entries) =>
        _bench.RunBytes(Encoding.UTF8.GetBytes($"""<feed xmlns="http://www.w3.org/2005/Atom">{string.Concat(entries)}</feed>"""), "feed.xml", form);

    private static string Point(string id, string title, string kind) => Entry(
        $"/UsagePoint/{id}", "", $"<title>{title}</title><content><UsagePoint><ServiceCategory>{kind}</ServiceCategory></UsagePoint></content>");

    private static string Series(string point, int number, string type, params string[] readings) => SeriesAt($"/UsagePoint/{point}", number, type, readings);

    private static string SeriesAt(string point, int number, string type, params string[] readings) =>
        Entry($"{point}/MeterReading/{number}", $"""<link rel="related" href="/ReadingType/{number}"/>""", "<content><MeterReading/></content>")
        + Entry($"/ReadingType/{number}", "", $"<content><ReadingType>{type}</ReadingType></content>")
        + Entry($"{point}/MeterReading/{number}/IntervalBlock/1", "", $"<content><IntervalBlock>{string.Concat(readings)}</IntervalBlock></content>");

    private static string Entry(string path, string links, string content) => $"""<entry><link rel="self" href="{path}"/>{links}{content}</entry>""";

    private static string LocalTime(string start, string end, int summer, int offset) => Entry(
        $"/LocalTimeParameters/{offset}", "", $"<LocalTimeParameters><dstEndRule>{end}</dstEndRule><dstOffset>{summer}</dstOffset><dstStartRule>{start}</dstStartRule><tzOffset>{offset}</tzOffset></LocalTimeParameters>");

    private static string Bill(string point, string name, long start, int days, long value) => Entry(
        $"/UsagePoint/{point}/{name}/{start}", "",
        $"<content><{name}><billingPeriod><duration>{days * 86_400}</duration><start>{start}</start></billingPeriod><billLastPeriod>9900000</billLastPeriod>"
        + $"<currentBillingPeriodOverAllConsumption><powerOfTenMultiplier>0</powerOfTenMultiplier><uom>42</uom><value>{value}</value></currentBillingPeriodOverAllConsumption></{name}></content>");

    private static string At(long start, int duration, long value) =>
        $"<IntervalReading><timePeriod><duration>{duration}</duration><start>{start}</start></timePeriod><value>{value}</value></IntervalReading>";

    private static string Reading(int hour, long value, int? quality = null) =>
        $"<IntervalReading><timePeriod><duration>3600</duration><start>{1_704_067_200 + (hour * 3_600)}</start></timePeriod><value>{value}</value>"
        + $"{(quality is { } code ? $"<ReadingQuality><quality>{code}</quality></ReadingQuality>" : "")}</IntervalReading>";

    [Theory]
    [InlineData(19, 2)]
    [InlineData(1, 3)]
    public void What_is_net_is_left_out_beside_a_series_of_each_direction(int other, int series)
    {
        Run(
            Point("920", "Main St 1", Electricity), Series("920", 1, "<flowDirection>1</flowDirection><uom>72</uom>", Reading(0, 10_000)),
            Series("920", 2, $"<flowDirection>{other}</flowDirection><uom>72</uom>", Reading(1, 4_000)), Series("920", 3, "<flowDirection>4</flowDirection><uom>72</uom>", Reading(2, 6_000)));

        Assert.Equal(series, _bench.Told.Count);
    }

    [Theory]
    [InlineData("<intervalLength>900</intervalLength>", "<intervalLength>3600</intervalLength>")]
    [InlineData("", "<intervalLength>3600</intervalLength>")]
    [InlineData("<accumulationBehaviour>1</accumulationBehaviour>", "")]
    public void What_is_net_is_left_out_whatever_its_intervals_are(string net, string others)
    {
        Run(
            Point("920", "Main St 1", Electricity), Series("920", 1, $"<flowDirection>1</flowDirection>{others}<uom>72</uom>", Reading(0, 10_000)),
            Series("920", 2, $"<flowDirection>19</flowDirection>{others}<uom>72</uom>", Reading(0, 4_000)),
            Series("920", 3, $"<flowDirection>4</flowDirection>{net}<uom>72</uom>", string.Concat(Enumerable.Range(0, 4).Select(quarter => At(1_704_067_200 + (900 * quarter), 900, 1_500)))));

        Assert.Equal(10, _bench.Sum("920", "energy"));
        Assert.Equal(-4, _bench.Sum("920-export", "energy"));
        Assert.Contains("MeterReading/3", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_flows_out_is_left_out_beside_what_is_net_alone()
    {
        Run(
            Point("920", "Main St 1", Electricity), Series("920", 2, "<flowDirection>19</flowDirection><uom>72</uom>", Reading(0, 4_000)),
            Series("920", 3, "<flowDirection>4</flowDirection><uom>72</uom>", Reading(0, 6_000)));

        Assert.Equal(6, _bench.Readings.SelectMany(reading => reading.Values).Sum(value => value.Value));
        Assert.Contains("MeterReading/2", _bench.Assumed("left_out"), StringComparison.Ordinal);
    }
}
