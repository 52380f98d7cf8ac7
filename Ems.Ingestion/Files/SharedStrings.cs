using System.Text;

namespace Ems.Ingestion.Files;

/// <summary>
/// The texts that the cells of a workbook share, read only as far as a cell has asked. Those beyond the first go to a file, so
/// that a workbook with a million different texts takes no more memory than one with a thousand.
/// </summary>
internal sealed class SharedStrings : IDisposable
{
    private const int KeptChars = 4 << 20;
    private const int IndexEvery = 32;

    private readonly IEnumerator<string> _texts;
    private readonly Func<FileStream> _createFile;
    private readonly List<string> _kept = [];
    private readonly List<long> _index = [];
    private FileStream? _file;
    private BinaryWriter? _writer;
    private BinaryReader? _back;
    private long _written;
    private int _count;
    private int _chars;
    private (int Index, string Text) _last = (-1, "");
    private int _next = -1;

    /// <param name="texts">In order; gone through only once.</param>
    /// <param name="createFile">Makes the file that the texts beyond the first go to.</param>
    public SharedStrings(IEnumerable<string> texts, Func<FileStream> createFile) => (_texts, _createFile) = (texts.GetEnumerator(), createFile);

    /// <exception cref="InvalidDataException">There is no such text.</exception>
    public string this[int index]
    {
        get
        {
            while (index >= _count && _texts.MoveNext())
            {
                Keep(_texts.Current);
            }

            return index < 0 || index >= _count ? throw new InvalidDataException($"There is no shared text {index}.")
                : index < _kept.Count ? _kept[index]
                : index == _last.Index ? _last.Text
                : ReadBack(index);
        }
    }

    public void Dispose()
    {
        _texts.Dispose();
        _file?.Dispose();
    }

    private void Keep(string text)
    {
        if (_file is null && _chars + text.Length <= KeptChars)
        {
            _kept.Add(text);
            _chars += text.Length + 16;
        }
        else
        {
            _writer ??= new BinaryWriter(_file = _createFile(), Encoding.UTF8, leaveOpen: true);
            if ((_count - _kept.Count) % IndexEvery == 0)
            {
                _index.Add(_written);
            }

            if (_next >= 0)
            {
                (_file!.Position, _next) = (_written, -1);
            }

            _writer.Write(text);
            _written = _file!.Position;
            _last = (_count, text);
        }

        _count++;
    }

    private string ReadBack(int index)
    {
        _back ??= new BinaryReader(_file!, Encoding.UTF8, leaveOpen: true);
        var at = index - _kept.Count;
        var from = _next >= 0 && _next <= at && at - _next < IndexEvery ? _next : at - (at % IndexEvery);
        if (from != _next)
        {
            _file!.Position = _index[at / IndexEvery];
        }

        var text = "";
        for (var i = from; i <= at; i++)
        {
            text = _back.ReadString();
        }

        _next = at + 1;
        _last = (index, text);
        return text;
    }
}
