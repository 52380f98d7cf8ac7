using Ems.Core.Storage;
using Ems.Core.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ems.Tests.Contracts;

public sealed class MachineMarkerTests : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1.5);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_machine_is_refused_with_what_to_set_as_long_as_the_first_one_lives()
    {
        var first = Open("one");
        await StartAsync(first);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Open("two").StartingAsync(Cancel));

        Assert.Contains("ConnectionStrings:ems", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Ems:DataDirectory", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        await StopAsync(first);
    }

    [Fact]
    public async Task Processes_of_one_machine_share_the_folder_and_the_last_one_leaves_nothing()
    {
        var (first, second) = (Open("one"), Open("one"));
        await StartAsync(first);
        await StartAsync(second);
        await StopAsync(first);
        await Assert.ThrowsAsync<StartRefusedException>(() => Open("two").StartingAsync(Cancel));
        await StopAsync(second);

        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Path, "in-use")));
        var other = Open("two");
        await StartAsync(other);
        await StopAsync(other);
    }

    [Fact]
    public async Task What_a_dead_machine_left_behind_expires()
    {
        await Open("one").StartingAsync(Cancel);

        var second = Open("two");
        await StartAsync(second);

        Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "in-use")));
        await StopAsync(second);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task StartAsync(MachineMarker marker)
    {
        await marker.StartingAsync(Cancel);
        await marker.StartAsync(Cancel);
    }

    private static async Task StopAsync(MachineMarker marker)
    {
        await marker.StopAsync(Cancel);
        await marker.StoppedAsync(Cancel);
    }

    [Fact]
    public async Task A_folder_that_others_may_read_is_closed_at_the_start()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        File.SetUnixFileMode(_folder.Path, (UnixFileMode)Convert.ToInt32("755", 8));
        using var marker = Open("one");

        await StartAsync(marker);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Path));
        await StopAsync(marker);
    }

    private MachineMarker Open(string machine) =>
        new(_folder.Path, machine, Beat, TimeProvider.System, lifetime: null, NullLogger<MachineMarker>.Instance);
}
