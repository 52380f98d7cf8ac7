using System.Xml;

namespace Ems.Ingestion.Files;

/// <summary>
/// Reads XML of strangers: no document types, no entities, nothing fetched, and none of what makes a reader take memory without
/// bound (endless tags, ever deeper or ever new elements).
/// </summary>
internal static class BoundedXml
{
    public const int MaxDepth = 64;

    private const int MaxNames = 10_000;

    /// <exception cref="XmlException">On reading: the XML is broken, or out of the bounds.</exception>
    public static XmlReader Open(BoundedStream stream) => XmlReader.Create(stream, new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
        NameTable = new BoundedNames(),
    });

    /// <summary>Goes to the next node, no deeper than <see cref="MaxDepth"/>.</summary>
    public static bool ReadNext(this XmlReader reader) =>
        reader.Read() && (reader.Depth <= MaxDepth ? true : throw new XmlException($"Elements are nested deeper than {MaxDepth}."));

    /// <summary>What is within the current element.</summary>
    public static ElementContent Content(this XmlReader reader) => new(reader);

    /// <summary>Appends the text of the current element to what the buffer holds and goes to its end; what does not fit is left out.</summary>
    /// <returns>How much the buffer holds.</returns>
    public static int ReadText(this XmlReader reader, char[] buffer, int length = 0)
    {
        var content = reader.Content();
        while (content.Read())
        {
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                int count;
                while (length < buffer.Length && (count = reader.ReadValueChunk(buffer, length, buffer.Length - length)) > 0)
                {
                    length += count;
                }
            }
        }

        return length;
    }

    private sealed class BoundedNames : NameTable
    {
        private int _count;

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Counted(base.Add(key, start, len));

        public override string Add(string key) => Get(key) ?? Counted(base.Add(key));

        private string Counted(string name) =>
            ++_count <= MaxNames ? name : throw new XmlException($"It has more than {MaxNames} different names.");
    }
}

/// <summary>Goes through the nodes within an element, from where the reader is at its start to its end.</summary>
internal readonly struct ElementContent(XmlReader reader)
{
    private readonly XmlReader _reader = reader;
    private readonly int _depth = reader.IsEmptyElement ? int.MaxValue : reader.Depth;

    /// <summary>False at the end of the element.</summary>
    public bool Read() => _depth < int.MaxValue && _reader.ReadNext() && _reader.Depth > _depth;
}
