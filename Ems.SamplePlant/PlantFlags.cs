namespace Ems.SamplePlant;

/// <summary>What the command line asks of the sample plant.</summary>
/// <param name="LoadData">Load two months of readings.</param>
/// <param name="Simulate">Go on with live readings until the program ends.</param>
public readonly record struct PlantFlags(bool LoadData, bool Simulate)
{
    private const string LoadDataFlag = "--load-data";
    private const string SimulateFlag = "--simulate";

    public bool Any => LoadData || Simulate;

    /// <summary>The flags, and the arguments without them: the configuration would take the argument after a flag for its value.</summary>
    public static (PlantFlags Flags, string[] Others) Take(string[] args) => (
        new PlantFlags(args.Contains(LoadDataFlag), args.Contains(SimulateFlag)),
        [.. args.Where(arg => arg is not (LoadDataFlag or SimulateFlag))]);
}
