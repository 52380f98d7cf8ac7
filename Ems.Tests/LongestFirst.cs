using Ems.Tests;
using Ems.Tests.Contracts;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer<LongestFirst>]

namespace Ems.Tests;

/// <summary>
/// What takes minutes begins first: the two collections of whole systems, on the embedded store and on servers, and then what asks the stand-in of
/// MongoDB most. In the order of xUnit, which depends on the folder of the clone, they may begin when all else has ended, and then run alone.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = ["Processes", "Processes and servers", nameof(MongoReadingStoreTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(RankOf)];

    private static int RankOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var name = collection.TestCollectionDisplayName;
        var rank = Array.FindIndex(Long, one => name == one || name.Contains($".{one} ", StringComparison.Ordinal));
        return rank < 0 ? Long.Length : rank;
    }
}
