using System.Text;

namespace Ems.Tests.Unit.Files;

/// <summary>Small workbooks in the binary formats, made record by record; the second cell format shows dates, and a sheet is hidden whose name says so.</summary>
internal static class BinaryWorkbooks
{
    /// <summary>An .xls: BIFF8 (MS-XLS) in a compound file (MS-CFB). Cells are text, numbers, dates or errors (as an exception).</summary>
    public static byte[] Xls(bool is1904, params (string Name, object?[][] Rows)[] sheets) => Xls(is1904, [], sheets);

    /// <param name="merged">Ranges of the rows of a column, from 0, in each sheet.</param>
    public static byte[] Xls(bool is1904, (int First, int Last, int Column)[] merged, params (string Name, object?[][] Rows)[] sheets)
    {
        var texts = new List<string>();
        var bodies = sheets.Select(sheet => XlsSheet(sheet.Rows, texts, merged)).ToList();
        var start = XlsGlobals(is1904, sheets.Select(sheet => (sheet.Name, 0)), texts).Length;
        var placed = sheets.Select((sheet, i) => (sheet.Name, start + bodies.Take(i).Sum(body => body.Length)));
        return CompoundFile("Workbook", [.. XlsGlobals(is1904, placed, texts), .. bodies.SelectMany(body => body)]);
    }

    /// <summary>An .xlsb: BIFF12 (MS-XLSB) in a zip archive.</summary>
    public static byte[] Xlsb(bool is1904, params (string Name, object?[][] Rows)[] sheets) => Xlsb(is1904, [], sheets);

    /// <param name="merged">Ranges of the rows of a column, from 0, in each sheet.</param>
    public static byte[] Xlsb(bool is1904, (int First, int Last, int Column)[] merged, params (string Name, object?[][] Rows)[] sheets)
    {
        var book = Bytes(w =>
        {
            Record12(w, 131);
            Record12(w, 153, r => { r.Write(is1904 ? 1 : 0); r.Write(0); Wide(r, ""); });
            Record12(w, 143);
            for (var i = 0; i < sheets.Length; i++)
            {
                Record12(w, 156, r => { r.Write(StateOf(sheets[i].Name)); r.Write(i + 1); Wide(r, $"rId{i + 1}"); Wide(r, sheets[i].Name); });
            }

            Record12(w, 144);
            Record12(w, 132);
        });
        var styles = Bytes(w =>
        {
            Record12(w, 278);
            Record12(w, 617, r => r.Write(2));
            foreach (var format in new short[] { 0, 22 })
            {
                Record12(w, 47, r => { r.Write((short)0); r.Write(format); r.Write(new byte[12]); });
            }

            Record12(w, 618);
            Record12(w, 279);
        });
        var relations = string.Concat(sheets.Select((_, i) =>
            $"""<Relationship Id="rId{i + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{i + 1}.bin"/>"""));
        return FileBench.Zip([
            ("[Content_Types].xml", Xml("""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>""")),
            ("_rels/.rels", Relations("""<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.bin"/>""")),
            ("xl/workbook.bin", book),
            ("xl/_rels/workbook.bin.rels", Relations(relations + """<Relationship Id="st" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.bin"/>""")),
            ("xl/styles.bin", styles),
            .. sheets.Select((sheet, i) => ($"xl/worksheets/sheet{i + 1}.bin", XlsbSheet(sheet.Rows, merged))),
        ]);
    }

    private static int StateOf(string name) => name.StartsWith("Hidden", StringComparison.Ordinal) ? 1 : 0;

    private static byte[] XlsGlobals(bool is1904, IEnumerable<(string Name, int Start)> sheets, List<string> texts) => Bytes(w =>
    {
        Begin(w, 5);
        Record(w, 0x0042, r => r.Write((short)1200));
        Record(w, 0x0022, r => r.Write((short)(is1904 ? 1 : 0)));
        Record(w, 0x041E, r => { r.Write((short)164); Text(r, "dd.mm.yyyy hh:mm", (short)16); });
        foreach (var format in new short[] { 0, 164 })
        {
            Record(w, 0x00E0, r => { r.Write((short)0); r.Write(format); r.Write(new byte[16]); });
        }

        foreach (var (name, start) in sheets)
        {
            Record(w, 0x0085, r => { r.Write(start); r.Write((short)StateOf(name)); Text(r, name, (byte)name.Length); });
        }

        Record(w, 0x00FC, r =>
        {
            r.Write(texts.Count);
            r.Write(texts.Count);
            texts.ForEach(text => Text(r, text, (short)text.Length));
        });
        Record(w, 0x000A);
    });

    private static byte[] XlsSheet(object?[][] rows, List<string> texts, (int First, int Last, int Column)[] merged) => Bytes(w =>
    {
        Begin(w, 16);
        Record(w, 0x0200, r =>
        {
            r.Write(0);
            r.Write(rows.Length);
            r.Write((short)0);
            r.Write((short)rows.Max(row => row.Length));
            r.Write((short)0);
        });
        for (var row = 0; row < rows.Length; row++)
        {
            Record(w, 0x0208, r => { r.Write((short)row); r.Write((short)0); r.Write((short)rows[row].Length); r.Write(new byte[10]); });
            for (var column = 0; column < rows[row].Length; column++)
            {
                XlsCell(w, (short)row, (short)column, rows[row][column], texts);
            }
        }

        Record(w, 0x00E5, r =>
        {
            r.Write((short)merged.Length);
            foreach (var (first, last, column) in merged)
            {
                r.Write([(byte)first, 0, (byte)last, 0, (byte)column, 0, (byte)column, 0]);
            }
        });
        Record(w, 0x000A);
    });

    private static void XlsCell(BinaryWriter w, short row, short column, object? value, List<string> texts)
    {
        void Cell(ushort type, short format, Action<BinaryWriter> write) =>
            Record(w, type, r => { r.Write(row); r.Write(column); r.Write(format); write(r); });
        switch (value)
        {
            case string text:
                texts.Add(text);
                Cell(0x00FD, 0, r => r.Write(texts.Count - 1));
                break;
            case double number: Cell(0x0203, 0, r => r.Write(number)); break;
            case DateTime time: Cell(0x0203, 1, r => r.Write(time.ToOADate())); break;
            // A formula with its saved result; the formula itself divides by zero and must not be run.
            case Func<double> saved: Cell(0x0006, 0, r => { r.Write(saved()); r.Write(0); r.Write((short)0); r.Write((short)7); r.Write([0x1E, 1, 0, 0x1E, 0, 0, 6]); }); break;
            case Func<Exception> saved: Cell(0x0006, 0, r => { r.Write([2, 0, Code(saved()), 0, 0, 0, 0xFF, 0xFF]); r.Write(0); r.Write((short)0); r.Write((short)7); r.Write([0x1E, 1, 0, 0x1E, 0, 0, 6]); }); break;
            case Exception error: Cell(0x0205, 0, r => { r.Write(Code(error)); r.Write((byte)1); }); break;
        }
    }

    private static byte[] XlsbSheet(object?[][] rows, (int First, int Last, int Column)[] merged) => Bytes(w =>
    {
        Record12(w, 129);
        Record12(w, 145);
        for (var row = 0; row < rows.Length; row++)
        {
            Record12(w, 0, r => { r.Write(row); r.Write(new byte[13]); });
            for (var column = 0; column < rows[row].Length; column++)
            {
                void Cell(int type, int format, Action<BinaryWriter> write) =>
                    Record12(w, type, r => { r.Write(column); r.Write(format); write(r); });
                switch (rows[row][column])
                {
                    case string text: Cell(6, 0, r => Wide(r, text)); break;
                    case double number: Cell(5, 0, r => r.Write(number)); break;
                    case DateTime time: Cell(5, 1, r => r.Write(time.ToOADate())); break;
                    case Func<double> saved: Cell(9, 0, r => { r.Write(saved()); r.Write((short)0); r.Write(7); r.Write([0x1E, 1, 0, 0x1E, 0, 0, 6]); r.Write(0); }); break;
                    case Func<Exception> saved: Cell(11, 0, r => { r.Write(Code(saved())); r.Write((short)0); r.Write(7); r.Write([0x1E, 1, 0, 0x1E, 0, 0, 6]); r.Write(0); }); break;
                    case Exception error: Cell(3, 0, r => r.Write(Code(error))); break;
                }
            }
        }

        Record12(w, 146);
        foreach (var (first, last, column) in merged)
        {
            Record12(w, 176, r => { r.Write(first); r.Write(last); r.Write(column); r.Write(column); });
        }

        Record12(w, 130);
    });

    private static byte Code(Exception error) => error switch
    {
        DivideByZeroException => 0x07,
        KeyNotFoundException => 0x2A,
        _ => 0x17,
    };

    /// <summary>A compound file with one stream, of sectors of 512 bytes.</summary>
    private static byte[] CompoundFile(string name, byte[] content)
    {
        const int Sector = 512;
        const uint End = 0xFFFFFFFE;
        // Shorter streams would go to the small sectors.
        var stream = content.Concat(new byte[Math.Max(0, 4096 - content.Length)]).ToArray();
        var sectors = (stream.Length + Sector - 1) / Sector;
        return Bytes(w =>
        {
            w.Write([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
            w.Write(new byte[16]);
            w.Write([0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
            w.Write(new byte[10]);
            w.Write(1);
            w.Write(1);
            w.Write(0);
            w.Write(4096);
            w.Write(End);
            w.Write(0);
            w.Write(End);
            w.Write(0);
            w.Write(0);
            w.Write(Enumerable.Repeat((byte)0xFF, 108 * 4).ToArray());
            // The table of sectors: itself, the directory, then the stream.
            w.Write(0xFFFFFFFD);
            w.Write(End);
            for (var i = 0; i < sectors; i++)
            {
                w.Write(i == sectors - 1 ? End : (uint)(i + 3));
            }

            w.Write(Enumerable.Repeat((byte)0xFF, (126 - sectors) * 4).ToArray());
            Entry(w, "Root Entry", 5, 1, End, 0);
            Entry(w, name, 2, uint.MaxValue, 2, stream.Length);
            w.Write(new byte[256]);
            w.Write(stream);
            w.Write(new byte[(sectors * Sector) - stream.Length]);
        });
    }

    private static void Entry(BinaryWriter w, string name, byte type, uint child, uint start, int length)
    {
        w.Write(Encoding.Unicode.GetBytes(name.PadRight(32, '\0')));
        w.Write((short)((name.Length + 1) * 2));
        w.Write(type);
        w.Write((byte)1);
        w.Write(uint.MaxValue);
        w.Write(uint.MaxValue);
        w.Write(child);
        w.Write(new byte[36]);
        w.Write(start);
        w.Write((long)length);
    }

    private static void Begin(BinaryWriter w, short type) =>
        Record(w, 0x0809, r => { r.Write((short)0x0600); r.Write(type); r.Write(new byte[12]); });

    private static void Record(BinaryWriter w, ushort type, Action<BinaryWriter>? write = null)
    {
        var body = Bytes(write);
        w.Write(type);
        w.Write((ushort)body.Length);
        w.Write(body);
    }

    private static void Record12(BinaryWriter w, int type, Action<BinaryWriter>? write = null)
    {
        var body = Bytes(write);
        if (type >= 128)
        {
            w.Write((byte)(type | 0x80));
            w.Write((byte)(type >> 7));
        }
        else
        {
            w.Write((byte)type);
        }

        w.Write7BitEncodedInt(body.Length);
        w.Write(body);
    }

    private static void Text(BinaryWriter w, string text, ValueType length)
    {
        w.Write(length is byte b ? [b] : BitConverter.GetBytes((short)length));
        w.Write((byte)1);
        w.Write(Encoding.Unicode.GetBytes(text));
    }

    private static void Wide(BinaryWriter w, string text)
    {
        w.Write(text.Length);
        w.Write(Encoding.Unicode.GetBytes(text));
    }

    private static byte[] Xml(string xml) => Encoding.UTF8.GetBytes(xml);

    private static byte[] Relations(string relations) =>
        Xml($"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>""");

    private static byte[] Bytes(Action<BinaryWriter>? write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        write?.Invoke(writer);
        return stream.ToArray();
    }
}
