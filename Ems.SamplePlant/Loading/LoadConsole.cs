using Spectre.Console;

namespace Ems.SamplePlant.Loading;

/// <summary>Shows how far the load is: a bar for each file; where there is no terminal, a line after each one with a bar for all.</summary>
internal sealed class LoadConsole(IAnsiConsole console)
{
    private const int BarWidth = 20;

    private readonly bool _isTerminal = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;

    public void Say(string line) => console.Profile.Out.Writer.WriteLine(line);

    public async Task RunAsync(IReadOnlyList<SampleFile> files, Func<SampleFile, Action<double>, Task<ImportState>> load)
    {
        if (!_isTerminal)
        {
            for (var i = 0; i < files.Count; i++)
            {
                var ended = await load(files[i], _ => { });
                Say($"{BarOf(i + 1, files.Count)} {files[i].Name}: {Describe(ended)}");
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

    private static string BarOf(int done, int all) => FormattableString.Invariant(
        $"[{new string('#', BarWidth * done / all).PadRight(BarWidth, '-')}] {100 * done / all,3} %");

    private static string Describe(ImportState job) => FormattableString.Invariant(
        $"{job.RowsStored:N0} readings stored, {job.RowsDuplicate:N0} were there already, {job.RowsChanged:N0} changed");
}
