using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Contracts;

public abstract class CatalogueContract
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract ICatalogue Catalogue { get; }

    [Fact]
    public async Task A_site_comes_back_as_it_was_saved()
    {
        var site = new Site
        {
            Id = "campus",
            Name = "Campus",
            TimeZone = "Asia/Kathmandu",
            Country = "NP",
            Holidays = [new LocalDate(2024, 1, 1)],
            DemandIntervalMinutes = 30,
            FloorAreaM2 = 1200.5,
            TemperatureSeries = "roof/temperature",
        };
        await Catalogue.SaveSiteAsync(site, Cancel);

        var found = await Catalogue.FindSiteAsync("campus", Cancel);

        Assert.Equivalent(site, found, strict: true);
        Assert.Equal("campus", Assert.Single(await Catalogue.ListSitesAsync(Cancel)).Id);
        Assert.Null(await Catalogue.FindSiteAsync("elsewhere", Cancel));
    }

    [Fact]
    public async Task Saving_equipment_again_replaces_it_and_lists_go_by_id()
    {
        await Catalogue.SaveEquipmentAsync(new Equipment { Id = "m2", Name = "Second" }, Cancel);
        await Catalogue.SaveEquipmentAsync(new Equipment { Id = "m1", Name = "First" }, Cancel);
        var changed = new Equipment
        {
            Id = "m2",
            Name = "Roof",
            Type = "inverter",
            Site = "campus",
            Parent = "m1",
            Tags = ["pv", "south"],
            Carrier = "electricity",
            Multiplier = new Timeline<double>(1, [new Change<double>(Instant.FromUtc(2024, 5, 1, 0, 0), 40)]),
            Export = new Timeline<bool>(true),
        };
        await Catalogue.SaveEquipmentAsync(changed with { MergedInto = "a stale copy may say so" }, Cancel);

        Assert.Equal(["m1", "m2"], (await Catalogue.ListEquipmentAsync(Cancel)).Select(equipment => equipment.Id));
        Assert.Equivalent(changed, await Catalogue.FindEquipmentAsync("m2", Cancel), strict: true);
    }

    [Fact]
    public async Task Equipment_is_taken_to_a_site_once_only()
    {
        await Catalogue.SaveEquipmentAsync(new Equipment { Id = "m1", Name = "First", Tags = ["pv"] }, Cancel);
        await Catalogue.SaveEquipmentAsync(new Equipment { Id = "m2", Name = "Second" }, Cancel);

        Assert.Equal("campus", await Catalogue.PlaceEquipmentAsync("m1", "campus", Cancel));
        Assert.Equal("campus", await Catalogue.PlaceEquipmentAsync("m1", "works", Cancel));
        Assert.Null(await Catalogue.PlaceEquipmentAsync("m3", "works", Cancel));
        string[] sites = ["a", "b", "c"];
        var atOnce = await Task.WhenAll(sites.Select(site => Catalogue.PlaceEquipmentAsync("m2", site, Cancel)));

        Assert.Equivalent(new Equipment { Id = "m1", Name = "First", Tags = ["pv"], Site = "campus" }, await Catalogue.FindEquipmentAsync("m1", Cancel), strict: true);
        Assert.Equal((await Catalogue.FindEquipmentAsync("m2", Cancel))!.Site, Assert.Single(atOnce.Distinct()));
    }
}
