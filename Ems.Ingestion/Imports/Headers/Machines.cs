namespace Ems.Ingestion.Imports.Headers;

/// <summary>
/// Machines that run on electricity or make it, and are called after what they move or burn: a heat pump is counted in kWh of electricity, and
/// so is a gas generator. What is called so besides, as <c>Gas boiler</c>, burns or makes it.
/// </summary>
internal static class Machines
{
    // Between what a machine is called after and itself: Gas furnace fan, Steam boiler feed pump.
    private const int MostBetween = 2;

    private const int OfRomance = 3;

    private static readonly HashSet<string> Names =
    [
        "fan", "fans", "blower", "blowers", "ventilator", "ventilatoren", "compressor", "compressors", "kompressor", "kompressoren",
        "generator", "generators", "generatoren", "genset", "gensets", "engine", "engines", "motor", "motors", "motoren", "turbine", "turbines", "turbinen",
    ];

    // Behind an engine or a fan they are what people call a building: Engine House.
    private static readonly HashSet<string> Buildings = ["house", "houses", "shed", "sheds", "works"];

    // A heat pump may stand in a house.
    private static readonly HashSet<string> Pumps = ["pump", "pumps", "pumping", "pumpe", "pumpen", "pompe", "pompes", "bomba", "bombas", "pompa", "pomp"];

    // What they deliver is heat or cold all the same.
    private static readonly HashSet<string> Outputs = ["output", "thermal", "delivered", "produced", "production", "generated", "generation", "supplied", "recovered", "yield", "erzeugt", "erzeugung", "abgegeben"];

    /// <summary>Whether a text names one, whatever it is called after: <c>Heat pump 2</c>, <c>Wärmepumpe</c>.</summary>
    public static bool AreNamedIn(string text) => new HeaderWords(text) is var words
        && (words.Any(Names) || words.Any(Pumps) || words.Except([]).Any(word => word.EndsWith("pumpe", StringComparison.Ordinal) || word.EndsWith("pumpen", StringComparison.Ordinal)));

    /// <summary>The words of a text without the machines that it names, and without what those are called after.</summary>
    /// <param name="words">In lower case.</param>
    /// <param name="carrierOf">The carrier of a phrase; null where it names none.</param>
    public static List<string> Without(IReadOnlyList<string> words, Func<string, string?> carrierOf)
    {
        List<string> left = [.. words];
        // In Romance languages it stands in front: pompe à chaleur.
        for (var pump = left.Count - OfRomance; pump >= 0; pump--)
        {
            if (Pumps.Contains(left[pump]) && left[pump + 1] is "à" or "a" or "de" or "di" && carrierOf(left[pump + 2]) == Carriers.Heat)
            {
                left.RemoveRange(pump, OfRomance);
            }
        }

        for (var machine = left.Count - 1; machine > 0; machine--)
        {
            if (IsMachine(left, machine) && FindNamesake(left, machine, carrierOf) is var (start, carrier)
                && !(carrier is Carriers.Heat or Carriers.Cooling && left.Exists(Outputs.Contains)))
            {
                left.RemoveRange(start, machine - start + 1);
                machine = Math.Min(start, left.Count);
            }
        }

        return left;
    }

    /// <summary>Buildings are called towers, too: only what is behind <c>cooling</c> alone is one that cools.</summary>
    private static bool IsMachine(List<string> words, int at) => words[at] switch
    {
        "unit" or "units" => words[at - 1] == "recovery",
        "tower" or "towers" => words[at - 1] == "cooling" && !(at > 1 && words[at - 2] == "district"),
        var name => Pumps.Contains(name) || (Names.Contains(name) && !(at + 1 < words.Count && Buildings.Contains(words[at + 1]))),
    };

    /// <summary>Where what a machine is called after begins: the nearest carrier in front of it, unless it is that of an amount.</summary>
    private static (int Start, string Carrier)? FindNamesake(List<string> words, int machine, Func<string, string?> carrierOf)
    {
        for (var end = machine; end > 0 && machine - end <= MostBetween; end--)
        {
            for (var start = Math.Max(0, end - Carriers.LongestPhrase); start < end; start++)
            {
                if (carrierOf(string.Join(' ', words.GetRange(start, end - start))) is { } carrier)
                {
                    return (start, carrier);
                }
            }

            if (GeneralNames.HaveAny(words[end - 1]) || DeviceNames.IsQuantity(words[end - 1]))
            {
                return null;
            }
        }

        return null;
    }
}
