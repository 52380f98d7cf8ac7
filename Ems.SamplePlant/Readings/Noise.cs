namespace Ems.SamplePlant.Readings;

/// <summary>Chance that is the same at every run: a number for each index, from the seed and the name of what it is for.</summary>
internal readonly struct Noise(ulong seed, string name)
{
    private readonly ulong _key = Mix(seed ^ HashOf(name));

    /// <summary>Evenly spread over [-1, 1).</summary>
    public double At(long index) => ((Mix(_key + (ulong)index) >> 11) * (2.0 / (1UL << 53))) - 1;

    /// <summary>From 0 to <paramref name="count"/> − 1.</summary>
    public int Pick(long index, int count) => (int)(Mix(_key + (ulong)index) % (ulong)count);

    /// <summary>Runs smoothly through the numbers of the whole positions.</summary>
    public double Smooth(double position)
    {
        var whole = Math.Floor(position);
        var part = position - whole;
        var weight = part * part * (3 - (2 * part));
        return (At((long)whole) * (1 - weight)) + (At((long)whole + 1) * weight);
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>FNV-1a: string.GetHashCode differs from process to process.</summary>
    private static ulong HashOf(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 0x100000001B3;
        }

        return hash;
    }
}
