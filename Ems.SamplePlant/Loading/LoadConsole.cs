using Spectre.Console;

namespace Ems.SamplePlant.Loading;

/// <summary>Shows how far the load is: a bar for each file; a line for each one where there is no terminal.</summary>
internal sealed class LoadConsole(IAnsiConsole console)
{
    private readonly bool _isTerminal = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;

    public void Say(string line) => console.Profile.Out.Writer.WriteLine(line);

    public async Task RunAsync(IReadOnlyList<SampleFile> files, Func<SampleFile, Action<double>, Task<ImportState>> load)
    {
        if (!_isTerminal)
        {
            foreach (var file in files)
            {
                Say($"{file.Name}: {Describe(await load(file, _ => { }))}");
            }

            return;
        }

        await console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var bars = files.Select(file => progress.AddTask(file.Name, autoStart: false)).ToList();
                foreach (var (file, bar) in files.Zip(bars))
                {
                    bar.StartTask();
                    var ended = await load(file, percentage => bar.Value = percentage);
                    bar.Description = $"{file.Name}: {Describe(ended)}";
                    bar.Value = bar.MaxValue;
                    bar.StopTask();
                }
            });
    }

    private static string Describe(ImportState job) => FormattableString.Invariant(
        $"{job.RowsStored:N0} readings stored, {job.RowsDuplicate:N0} were there already, {job.RowsChanged:N0} changed");
}
