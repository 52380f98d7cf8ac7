using System.Diagnostics.Metrics;

namespace Ems.Ingestion.Readings;

/// <summary>Counts live readings, for telemetry and for the rates of the statistics.</summary>
internal sealed class IntakeMeter
{
    public const string Name = "Ems.Ingestion";

    private const int Minutes = 60;

    private readonly TimeProvider _clock;
    private readonly Counter<long> _readings;
    private readonly Lock _lock = new();
    private readonly (long Minute, long Count)[] _ring = new (long, long)[Minutes + 1];

    public IntakeMeter(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        _readings = meters.Create(Name).CreateCounter<long>(
            "ems.ingestion.readings", "{reading}", "Live readings by what became of them.");
    }

    /// <param name="rejected">Readings of which nothing was taken.</param>
    public void Count(IntakeReceipt receipt, int rejected)
    {
        Add("accepted", receipt.Accepted);
        Add("duplicate", receipt.Duplicate);
        Add("changed", receipt.Changed);
        Add("rejected", rejected);
        var minute = MinuteNow();
        lock (_lock)
        {
            ref var slot = ref _ring[minute % _ring.Length];
            slot = (minute, (slot.Minute == minute ? slot.Count : 0) + receipt.Accepted + receipt.Changed);
        }
    }

    /// <summary>Readings that this process stored or changed in the last whole minutes.</summary>
    public long CountOfLast(int minutes)
    {
        var now = MinuteNow();
        lock (_lock)
        {
            return _ring.Where(slot => slot.Minute < now && slot.Minute >= now - minutes).Sum(slot => slot.Count);
        }
    }

    private long MinuteNow() => _clock.GetUtcNow().ToUnixTimeSeconds() / 60;

    private void Add(string outcome, int count)
    {
        if (count > 0)
        {
            _readings.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
