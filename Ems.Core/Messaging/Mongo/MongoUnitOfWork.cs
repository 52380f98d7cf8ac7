using MongoDB.Driver;

namespace Ems.Core.Messaging.Mongo;

/// <summary>A step of an effect. It may run more than once before its transaction succeeds.</summary>
public delegate Task MongoStep(IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken);

/// <summary>Collects the steps of an effect; they run in one transaction with the mark that the event is handled.</summary>
public sealed class MongoUnitOfWork : IUnitOfWork
{
    private readonly List<MongoStep> _steps = [];

    private MongoUnitOfWork()
    {
    }

    public static MongoUnitOfWork Of(IUnitOfWork work) => (MongoUnitOfWork)work;

    public void Add(MongoStep step) => _steps.Add(step);

    internal static async Task RunAsync(
        Action<IUnitOfWork> effect, IMongoDatabase database, IClientSessionHandle session, CancellationToken cancellationToken)
    {
        var work = new MongoUnitOfWork();
        effect(work);
        foreach (var step in work._steps)
        {
            await step(database, session, cancellationToken);
        }
    }
}
