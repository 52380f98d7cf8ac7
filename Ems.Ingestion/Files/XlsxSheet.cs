using System.Globalization;
using System.Xml;
using Ems.Core.Tables;

namespace Ems.Ingestion.Files;

/// <summary>Reads a sheet of an .xlsx.</summary>
internal sealed class XlsxSheet(BoundedStream stream, SheetCells cells) : ISheetReader
{
    private readonly XmlReader _xml = BoundedXml.Open(stream);
    private readonly char[] _buffer = new char[XlsxXml.MaxTextLength];

    public int? ReadRow()
    {
        while (_xml.ReadNext())
        {
            if (_xml.NodeType == XmlNodeType.Element && _xml.LocalName == "row")
            {
                var row = Number(_xml.GetAttribute("r")) ?? 0;
                ReadCells();
                return row;
            }

            if (_xml.NodeType == XmlNodeType.EndElement && _xml.LocalName == "sheetData")
            {
                break;
            }
        }

        return null;
    }

    public void Dispose() => _xml.Dispose();

    private void ReadCells()
    {
        var content = _xml.Content();
        var column = -1;
        while (content.Read())
        {
            if (_xml.NodeType == XmlNodeType.Element && _xml.LocalName == "c")
            {
                column = ReadCell(column + 1);
            }
        }
    }

    /// <returns>The column that the cell is in.</returns>
    private int ReadCell(int column)
    {
        var type = "n";
        var format = 0;
        while (_xml.MoveToNextAttribute())
        {
            switch (_xml.LocalName)
            {
                case "r": column = ColumnOf(_xml.Value); break;
                case "t": type = _xml.Value; break;
                case "s": format = Number(_xml.Value) ?? 0; break;
            }
        }

        _xml.MoveToElement();
        var content = _xml.Content();
        var isFormula = false;
        var cell = Cell.Empty;
        while (content.Read())
        {
            if (_xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (_xml.LocalName)
            {
                case "f": isFormula = true; break;
                case "v": cell = ToCell(type, format, isFormula, _buffer.AsSpan(0, _xml.ReadText(_buffer))); isFormula = false; break;
                case "is": cell = Cell.Of(_xml.ReadRichText(_buffer)); break;
            }
        }

        cells.Set(column, isFormula ? Cell.Error(Cell.Uncalculated) : cell);
        return column;
    }

    private Cell ToCell(string type, int format, bool isFormula, ReadOnlySpan<char> value) => type switch
    {
        "s" => Cell.Of(cells.SharedText(int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture))),
        "str" or "inlineStr" => Cell.Of(XlsxText.Unescape(value.ToString())),
        "e" => Cell.Error(value.ToString()),
        "d" when DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) && time.Kind == DateTimeKind.Unspecified =>
            Cell.Of(time),
        _ when value.IsEmpty => isFormula ? Cell.Error(Cell.Uncalculated) : Cell.Empty,
        _ => NumberText.TryParse(value, out var number) ? type == "b" ? Cell.Of(number) : cells.Number(number, format) : Cell.Of(value),
    };

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int ColumnOf(string reference)
    {
        var column = 0;
        foreach (var c in reference)
        {
            var letter = char.ToUpperInvariant(c) - 'A';
            if (letter is < 0 or > 25)
            {
                break;
            }

            column = Math.Min((column * 26) + letter + 1, RowCells.MaxColumns + 1);
        }

        return column - 1;
    }
}
