namespace Ems.Ingestion.Imports.Headers;

/// <summary>Which of the names that rows have for meters can hardly be anything but those of what is made or flows out.</summary>
/// <param name="names">All of a sheet.</param>
internal sealed class OutwardNames(IReadOnlyCollection<string> names)
{
    private readonly bool _isReceived = Directions.AreReceived(names);
    private readonly HashSet<string> _inward = [.. names.Select(name => Directions.InwardNameOf(name, ofMachines: false)).OfType<string>()];
    private readonly HashSet<string> _received = [.. names.Select(name => Directions.InwardNameOf(name, ofMachines: true)).OfType<string>()];

    /// <summary>Whether it may be one, and as well that of a hall or a machine.</summary>
    public static bool MayBe(string name) => Productions.AreSure(name) || Directions.MayBeOutward(name);

    /// <summary>Whether it is one by itself, beside what is received, or beside the same name of what flows in: <c>Main export</c> and <c>Main import</c>.</summary>
    public bool AreSure(string name) => Productions.AreSurelyMade(name) || Directions.AreSurelyOut(name, _isReceived)
        || (Directions.OutwardNameOf(name, ofMachines: false) is { } plain && _inward.Contains(plain))
        || ((Directions.OutwardNameOf(name, ofMachines: true) ?? (_isReceived ? Directions.DeliveredNameOf(name) : null)) is { } open && _received.Contains(open));
}
