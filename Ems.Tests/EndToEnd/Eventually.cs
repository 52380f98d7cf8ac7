namespace Ems.Tests.EndToEnd;

internal static class Eventually
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public static Task HoldsAsync(Func<bool> condition, TimeSpan limit, Func<string> explain) =>
        HoldsAsync(() => Task.FromResult(condition()), limit, explain);

    /// <summary>Waits for the condition; at the limit the test fails with what the caller has to say.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, TimeSpan limit, Func<string> explain)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(startedAt) > limit)
            {
                Assert.Fail($"Not within {limit.TotalSeconds:0} s.\n{explain()}");
            }

            await Task.Delay(Poll, TimeProvider.System, CancellationToken.None);
        }
    }
}
