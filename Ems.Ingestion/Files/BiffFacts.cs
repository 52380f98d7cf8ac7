using System.Buffers.Binary;

namespace Ems.Ingestion.Files;

/// <summary>
/// Finds out from the records of an .xls (MS-XLS) from when it counts days, which the reader uses for cells that are shown as dates and
/// tells nobody. Its first records stand in sectors that follow each other, or else it counts from 1900 here.
/// </summary>
internal static class BiffDates
{
    private const int Sector = 512;

    // Beyond that there are the sheets.
    private const int MostRecordBytes = 16_384;

    private const ushort DateMode = 0x0022;
    private const ushort EndOfRecords = 0x000A;

    public static bool CountFrom1904(Stream stream)
    {
        var sector = new byte[Sector];
        for (var position = 0L; position + Sector <= stream.Length; position += Sector)
        {
            stream.Position = position;
            stream.ReadExactly(sector);
            if (BeginsWorkbook(sector))
            {
                stream.Position = position;
                var records = new byte[Math.Min(MostRecordBytes, stream.Length - position)];
                stream.ReadExactly(records);
                return SaysSo(records);
            }
        }

        return false;
    }

    /// <summary>A BOF record of BIFF5 or BIFF8 for what holds for the whole workbook.</summary>
    private static bool BeginsWorkbook(ReadOnlySpan<byte> sector) => sector is [0x09, 0x08, _, _, 0x00, 0x05 or 0x06, 0x05, 0x00, ..];

    private static bool SaysSo(ReadOnlySpan<byte> records)
    {
        while (records.Length >= 6 && BinaryPrimitives.ReadUInt16LittleEndian(records) is not EndOfRecords and var kind)
        {
            if (kind == DateMode)
            {
                return records[4] == 1;
            }

            records = records[Math.Min(records.Length, 4 + BinaryPrimitives.ReadUInt16LittleEndian(records[2..]))..];
        }

        return false;
    }
}
