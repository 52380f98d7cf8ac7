using NodaTime;

namespace Ems.SamplePlant.Sites;

/// <summary>A site of the sample plant.</summary>
internal sealed record PlantSite(string Id, string Name, string TimeZone, string Country, string Locale)
{
    public required int DemandIntervalMinutes { get; init; }

    public required double FloorAreaM2 { get; init; }

    public required Climate Climate { get; init; }

    /// <summary>Of a year.</summary>
    public required Func<int, IEnumerable<LocalDate>> Holidays { get; init; }

    /// <summary>Those above before those below.</summary>
    public required IReadOnlyList<PlantMeter> Meters { get; init; }
}

/// <summary>What a meter delivers; those of one kind share a file.</summary>
internal enum MeterKind
{
    Registers,
    Intervals,
    Power,
    Gas,
    Weather,
}

/// <summary>A meter.</summary>
/// <param name="Parent">The meter that also counts what this one counts.</param>
/// <param name="Source">What it measures beside what its children measure; null for weather.</param>
internal sealed record PlantMeter(
    string Id, string Name, string Type, string? Parent, MeterKind Kind, PowerSource? Source, IReadOnlyList<Channel> Channels)
{
    public bool Exports { get; init; }

    public string Carrier => Kind == MeterKind.Gas ? "gas" : "electricity";
}

/// <summary>One metric of a meter, as its file has it.</summary>
/// <param name="Unit">Of the file.</param>
internal sealed record Channel(string Metric, string Header, string Unit, int Decimals)
{
    public static readonly Channel ImportRegister = new("energy_import_register", "Energy Import Register (kWh)", "kWh", 2);
    public static readonly Channel ExportRegister = new("energy_export_register", "Energy Export Register (kWh)", "kWh", 2);
    public static readonly Channel Energy = new("energy", "Energy (kWh)", "kWh", 3);
    public static readonly Channel EnergyTherm = new("energy", "Energy (therm)", "therm", 4);
    public static readonly Channel EnergyMj = new("energy", "Energy (MJ)", "MJ", 2);
    public static readonly Channel GasVolume = new("gas_volume", "Gas Volume (m³)", "m³", 3);
    public static readonly Channel ActivePower = new("active_power", "Active Power (kW)", "kW", 2);
    public static readonly Channel Voltage = new("voltage", "Voltage (V)", "V", 1);
    public static readonly Channel Current = new("current", "Current (A)", "A", 1);
    public static readonly Channel PowerFactor = new("power_factor", "Power Factor", "1", 3);
    public static readonly Channel SupplyAirC = new("temperature", "Temperature (°C)", "°C", 1);
    public static readonly Channel Airflow = new("airflow", "Airflow (cfm)", "cfm", 0);
    public static readonly Channel OutdoorC = new("temperature", "Temperature (°C)", "°C", 1);
    public static readonly Channel OutdoorF = new("temperature", "Temperature (°F)", "°F", 1);
}
