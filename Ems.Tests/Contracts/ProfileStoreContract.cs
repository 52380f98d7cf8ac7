using Ems.Core.Storage;
using NodaTime;

namespace Ems.Tests.Contracts;

public abstract class ProfileStoreContract
{
    private static readonly StoredProfile First = new("bills", "f1", """{"columns":[{"column":"kWh (a.b $c)"}]}""", Instant.FromUtc(2024, 5, 1, 0, 0));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract IProfileStore Profiles { get; }

    [Fact]
    public async Task A_profile_comes_back_as_it_was_saved_last()
    {
        await Profiles.SaveAsync(First, Cancel);
        await Profiles.SaveAsync(First with { Id = "a" }, Cancel);
        var changed = First with { Fingerprint = "f2", SavedAt = First.SavedAt + Duration.FromHours(1) };
        await Profiles.SaveAsync(changed, Cancel);

        Assert.Equal(changed, await Profiles.FindAsync("bills", Cancel));
        Assert.Equal(["a", "bills"], (await Profiles.ListAsync(Cancel)).Select(profile => profile.Id));
        Assert.Null(await Profiles.FindAsync("other", Cancel));
    }

    [Fact]
    public async Task A_deleted_profile_is_gone_and_can_be_deleted_only_once()
    {
        await Profiles.SaveAsync(First, Cancel);

        Assert.True(await Profiles.DeleteAsync("bills", Cancel));
        Assert.False(await Profiles.DeleteAsync("bills", Cancel));
        Assert.Empty(await Profiles.ListAsync(Cancel));
    }
}
