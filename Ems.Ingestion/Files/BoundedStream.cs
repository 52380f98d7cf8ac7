using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;

namespace Ems.Ingestion.Files;

/// <summary>How much a file may still unpack to, over all that is packed in it.</summary>
internal sealed class UnpackBudget(string fileName, long maxBytes)
{
    private long _taken;

    public long Left => maxBytes - _taken;

    /// <summary>For a look ahead, which takes nothing from this one.</summary>
    public UnpackBudget OfRest() => new(fileName, Left);

    /// <exception cref="ImportFaultException">So much is not left.</exception>
    public void Check(long bytes)
    {
        if (bytes > Left)
        {
            throw new ImportFaultException(new ImportFault(
                ImportFault.FileTooLarge,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{fileName} unpacks to more than {maxBytes:N0} bytes (Ems:Ingestion:MaxUnpackedBytes). Send it in parts.")));
        }
    }

    public void Take(long bytes)
    {
        Check(bytes);
        _taken += bytes;
    }
}

/// <summary>Reads what is unpacked on the way and counts it.</summary>
internal sealed class BoundedStream(Stream unpacked, UnpackBudget budget, bool leaveOpen = false) : Stream
{
    private const int LongestTag = 1 << 20;

    private readonly Crc32 _checksum = new();
    private uint? _expected;
    private long _sinceTag;
    private bool _hasEnded;

    /// <summary>A stretch of XML without the end of a tag, which a reader would keep whole, is refused beyond a megabyte.</summary>
    public bool HoldsXml { get; init; }

    public long BytesRead { get; private set; }

    /// <summary>A member of an archive: refused at its end when its bytes are not those that were packed.</summary>
    public static BoundedStream Of(ZipArchiveEntry member, UnpackBudget budget, bool holdsXml = false) =>
        new(member.Open(), budget) { HoldsXml = holdsXml, _expected = member.Crc32 };

    /// <summary>Goes on to the end, so that all of it is checked.</summary>
    public void Skip()
    {
        if (!_hasEnded)
        {
            CopyTo(Null);
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => BytesRead; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var count = unpacked.Read(buffer);
        BytesRead += count;
        budget.Take(count);
        _hasEnded |= count == 0 && buffer.Length > 0;
        if (_expected is { } expected)
        {
            _checksum.Append(buffer[..count]);
            if (_hasEnded && _checksum.GetCurrentHashAsUInt32() != expected)
            {
                throw new InvalidDataException("The checksum of what was unpacked is not that of what was packed.");
            }
        }

        if (HoldsXml)
        {
            var last = buffer[..count].LastIndexOf((byte)'>');
            _sinceTag = last < 0 ? _sinceTag + count : count - last;
            if (_sinceTag > LongestTag)
            {
                throw new InvalidDataException($"A tag or text has more than {LongestTag} bytes.");
            }
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
        {
            unpacked.Dispose();
        }

        base.Dispose(disposing);
    }
}
