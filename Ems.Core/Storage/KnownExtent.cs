namespace Ems.Core.Storage;

/// <summary>Starts of the first and the last value that a series had; null where it had none.</summary>
internal readonly record struct KnownExtent(long? From, long? Until)
{
    /// <summary>Whether a new value at this time is late.</summary>
    public bool Holds(long start) => start >= From && start < Until;
}
