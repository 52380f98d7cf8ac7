using Ems.Tests;
using Ems.Tests.Contracts;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer<LongestFirst>]

namespace Ems.Tests;

/// <summary>
/// What takes minutes begins first. In any other order, as in the random one of xUnit, it may begin when all else has ended, and then runs alone.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>By name, the longest first.</summary>
    private static readonly string[] Long = ["Processes", nameof(MongoReadingStoreTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(RankOf)];

    private static int RankOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var rank = Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
        return rank < 0 ? Long.Length : rank;
    }
}
