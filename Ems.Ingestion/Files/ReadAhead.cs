using System.Collections.Concurrent;
using Ems.Ingestion.Imports.Layouts;

namespace Ems.Ingestion.Files;

/// <summary>Reads the rows that come next while its caller deals with the present ones. Owns the source.</summary>
internal sealed class ReadAhead(ITableSource source) : ITableSource
{
    private const int PagesAhead = 4;

    private SheetReading? _reading;
    private Page? _page;
    private int _row;

    public string SheetName => source.SheetName;

    public string? Member => source.Member;

    public int RowNumber => _page!.NumberOf(_row);

    public IReadOnlyList<Cell> Cells => _page!.CellsOf(_row);

    public double Progress => _page?.Progress ?? 0;

    public char? Delimiter => source.Delimiter;

    public bool Is1904 => source.Is1904;

    public string? Zone => source.Zone;

    public bool IsHidden => source.IsHidden;

    public IReadOnlyList<(string What, string Why)> LeftOut => source.LeftOut;

    public IReadOnlyList<ImportAssumption> Assumptions => source.Assumptions;

    public bool ReadRow()
    {
        _reading ??= new SheetReading(source);
        _row++;
        if (_page is null || _row >= _page.Count)
        {
            (_page, _row) = (_reading.TakeNext(_page), 0);
        }

        return _page is not null;
    }

    public bool NextSheet()
    {
        Stop();
        return source.NextSheet();
    }

    public void Dispose()
    {
        Stop();
        source.Dispose();
    }

    private void Stop()
    {
        _reading?.Dispose();
        (_reading, _page, _row) = (null, null, 0);
    }

    /// <summary>Some rows that follow each other.</summary>
    private sealed class Page
    {
        private const int Rows = 16;

        // With one row more, which can be as long as a source allows.
        private const int MostCharacters = 1 << 16;

        private readonly RowCells[] _cells = [.. Enumerable.Range(0, Rows).Select(_ => new RowCells())];
        private readonly int[] _numbers = new int[Rows];

        public int Count { get; private set; }

        public double Progress { get; private set; }

        public int NumberOf(int row) => _numbers[row];

        public RowCells CellsOf(int row) => _cells[row];

        public void Fill(ITableSource source)
        {
            var characters = 0L;
            for (Count = 0; Count < Rows && characters < MostCharacters && source.ReadRow(); Count++)
            {
                _numbers[Count] = source.RowNumber;
                _cells[Count].CopyFrom(source.Cells);
                characters += _cells[Count].CharacterCount;
            }

            Progress = source.Progress;
        }
    }

    /// <summary>Reads one sheet on a thread of its own.</summary>
    private sealed class SheetReading : IDisposable
    {
        private readonly BlockingCollection<Page> _pages = new(PagesAhead);
        private readonly ConcurrentQueue<Page> _free = [];
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _reading;

        public SheetReading(ITableSource source) =>
            _reading = Task.Factory.StartNew(() => Read(source), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        /// <summary>Null after the last one.</summary>
        /// <param name="done">May be filled again.</param>
        public Page? TakeNext(Page? done)
        {
            if (done is not null)
            {
                _free.Enqueue(done);
            }

            if (_pages.TryTake(out var page, Timeout.Infinite))
            {
                return page;
            }

            // What ended it, if not the end of the sheet, is thrown where its next row is asked for.
            _reading.GetAwaiter().GetResult();
            return null;
        }

        public void Dispose()
        {
            _stopping.Cancel();
            Task.WaitAny(_reading);
            _stopping.Dispose();
            _pages.Dispose();
        }

        private void Read(ITableSource source)
        {
            try
            {
                while (true)
                {
                    var page = _free.TryDequeue(out var done) ? done : new Page();
                    page.Fill(source);
                    if (page.Count == 0)
                    {
                        return;
                    }

                    _pages.Add(page, _stopping.Token);
                }
            }
            finally
            {
                _pages.CompleteAdding();
            }
        }
    }
}
