using Ems.Core.Storage.Moving;

namespace Ems.Analytics.Detection;

/// <summary>Moves what waits for detection to another store.</summary>
internal sealed class BacklogMove(IDetectionBacklog backlog) : IModuleMove
{
    public async Task MoveFromAsync(IServiceProvider source, CancellationToken cancellationToken) => await backlog.RestoreAsync(
        await source.GetRequiredService<IDetectionBacklog>().ListAsync(cancellationToken), cancellationToken);
}
