using Ems.Core.Live;
using Ems.Core.Storage;
using Ems.Gateway.Events;
using Ems.ServiceDefaults.Authentication;
using Ems.ServiceDefaults.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Ems.Tests.Functional;

public sealed class RemoteEventsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_that_gives_no_sign_of_life_is_asked_anew()
    {
        var asked = 0;
        await using var instance = await StartAsync(context => SayAsync(context, Interlocked.Increment(ref asked)));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["services:ingestion:http:0"] = instance.Urls.Single(),
            ["Ems:InternalKey"] = "an internal key of the test",
        }).Build();
        var (events, clock) = (new LiveEvents(), new FakeTimeProvider());
        using var listener = events.Listen();
        using var followed = new RemoteEvents(
            configuration, events, new InternalKey(configuration, Options.Create(new StoreOptions())), clock, NullLogger<RemoteEvents>.Instance);
        await followed.StartAsync(Cancel);

        Assert.Equal("event 1", await NextAsync(listener));
        clock.Advance(2 * EventStream.LongestSilence);
        Assert.Equal(1, Volatile.Read(ref asked));
        var next = NextAsync(listener);
        while (!next.IsCompleted)
        {
            clock.Advance(EventStream.LongestSilence);
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel));
        }

        Assert.Equal("event 2", await next);
        await followed.StopAsync(Cancel);
        Assert.True(followed.ExecuteTask!.IsCompletedSuccessfully);
    }

    private static async Task<string> NextAsync(LiveListener listener) => (await listener.Events.ReadAsync(Cancel).AsTask().WaitAsync(Limit, Cancel)).Id;

    /// <summary>One event, and then nothing any more.</summary>
    private static async Task SayAsync(HttpContext context, int number)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync($"event: readings\nid: event {number}\ndata: {{}}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        var gone = new TaskCompletionSource();
        await using (context.RequestAborted.Register(gone.SetResult))
        {
            await gone.Task;
        }
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(Cancel);
        return app;
    }
}
