namespace Ems.Core.Storage.Mongo;

/// <summary>Makes things bulk by bulk: the first one from now on, each other one while the one before it is written.</summary>
internal sealed class BulksAhead<T>
{
    private readonly IEnumerator<T[]> _bulks;
    private Task<bool> _next;

    /// <param name="items">Made by another thread, as they are asked for.</param>
    public BulksAhead(IEnumerable<T> items, int size)
    {
        _bulks = items.Chunk(size).GetEnumerator();
        _next = Task.Run(_bulks.MoveNext);
    }

    public async IAsyncEnumerable<T[]> ReadAsync()
    {
        while (await _next)
        {
            var bulk = _bulks.Current;
            _next = Task.Run(_bulks.MoveNext);
            yield return bulk;
        }
    }
}
