using Ems.Tests.Contracts;

namespace Ems.Tests.EndToEnd;

/// <summary>Ems as its users start it: real processes, spoken to through the public routes.</summary>
internal abstract class EmsSystem(params (string Name, string Value)[] settings) : IAsyncDisposable
{
    public const string AdminKey = "an-admin-key-for-this-test";

    protected static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);
    protected static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _data = new();

    /// <summary>Carries the admin key. Its address is another one after a restart.</summary>
    public HttpClient Api { get; private set; } = null!;

    public string DataDirectory => _data.Path;

    /// <summary>What follows the name of the host at the next start.</summary>
    public string[] Arguments { get; set; } = [];

    public abstract string Output { get; }

    protected IReadOnlyList<(string Name, string Value)> Settings =>
        [("Ems__DataDirectory", DataDirectory), ("Ems__AdminKey", AdminKey), .. settings];

    /// <summary>Returns when all of it is healthy; after <see cref="StopAsync"/> it goes on with the same data.</summary>
    public abstract Task StartAsync();

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public abstract Task<int> StopAsync(TimeSpan limit);

    /// <summary>Sends SIGKILL to the process that takes readings in and runs imports.</summary>
    public abstract void KillImporter();

    /// <summary>Returns when the killed process has a healthy successor.</summary>
    public abstract Task RecoverAsync();

    public virtual ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(Output);
        Api?.Dispose();
        _data.Dispose();
        return ValueTask.CompletedTask;
    }

    protected void Reach(string address)
    {
        Api?.Dispose();
        Api = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(10) };
        Api.DefaultRequestHeaders.Add("X-Api-Key", AdminKey);
    }
}
