using System.Buffers;
using System.Text.Json;
using Ems.Core.Metering;
using Ems.Core.Storage;
using NodaTime;

namespace Ems.Ingestion.Readings;

/// <summary>Reads live readings from JSON: one, an array of them, or <c>{"readings": […]}</c>.</summary>
/// <param name="limit">How many readings there may be.</param>
internal sealed class ReadingParser(int limit)
{
    private const int MaxMetrics = 256;
    private const double MaxLengthSeconds = 366 * 86_400;

    private readonly List<ParsedReading> _readings = [];
    private readonly List<Rejection> _rejected = [];
    private readonly HashSet<string> _names = [];
    private int _count;

    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A string in it is not text.</exception>
    public ParsedBatch Parse(ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject && FindReadings(reader, out var array))
        {
            reader = array;
        }

        var complete = reader.TokenType == JsonTokenType.StartArray ? ReadArray(ref reader) : ReadReading(ref reader);
        while (complete && reader.Read())
        {
            // What follows must be JSON too.
        }

        return new ParsedBatch(_readings, _rejected, !complete);
    }

    private static bool FindReadings(Utf8JsonReader reader, out Utf8JsonReader array)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("readings"u8);
            reader.Read();
            if (found && reader.TokenType == JsonTokenType.StartArray)
            {
                array = reader;
                return true;
            }

            reader.Skip();
        }

        array = reader;
        return false;
    }

    private bool ReadArray(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!ReadReading(ref reader))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadReading(ref Utf8JsonReader reader)
    {
        if (_count == limit)
        {
            return false;
        }

        var draft = new Draft();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadFields(ref reader, draft);
        }
        else
        {
            reader.Skip();
            draft.Refuse("A reading is a JSON object with equipment_id, timestamp and values.");
        }

        draft.Finish(_count++, _readings, _rejected);
        return true;
    }

    private void ReadFields(ref Utf8JsonReader reader, Draft draft)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = ReadName(ref reader);
            reader.Read();
            switch (name)
            {
                case "equipment_id":
                    draft.SetEquipmentId(ReadString(ref reader));
                    break;
                case "timestamp":
                    draft.SetTimestamp(ReadString(ref reader));
                    break;
                case "duration_seconds":
                    ReadDuration(ref reader, draft);
                    break;
                case "values" when reader.TokenType == JsonTokenType.StartObject:
                    ReadValues(ref reader, draft);
                    break;
                case "values" when reader.TokenType != JsonTokenType.Null:
                    draft.Refuse($"values must be an object of metrics and their numbers, but is {Said(reader.TokenType)}.");
                    reader.Skip();
                    break;
                default:
                    ReadValue(ref reader, name, draft);
                    break;
            }
        }
    }

    private void ReadValues(ref Utf8JsonReader reader, Draft draft)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = ReadName(ref reader);
            reader.Read();
            ReadValue(ref reader, name, draft);
        }
    }

    private static void ReadValue(ref Utf8JsonReader reader, string name, Draft draft)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            draft.Add(name, reader.GetDouble());
            return;
        }

        if (reader.TokenType != JsonTokenType.Null)
        {
            draft.RefuseValue(IntakeCodes.DataValidationFailed, $"{Shown(name)} must be a number, but is {Said(reader.TokenType)}.");
        }

        reader.Skip();
    }

    private static void ReadDuration(ref Utf8JsonReader reader, Draft draft)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.GetDouble() is >= 0 and <= MaxLengthSeconds and var seconds)
        {
            draft.Length = Duration.FromMilliseconds(Math.Round(seconds * 1000));
        }
        else if (reader.TokenType != JsonTokenType.Null)
        {
            draft.Refuse($"duration_seconds must be a number from 0 (an instant) to {MaxLengthSeconds}.");
        }

        reader.Skip();
    }

    private string? ReadString(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return ReadName(ref reader);
        }

        reader.Skip();
        return null;
    }

    /// <summary>Ids and names repeat from reading to reading: one string serves them all.</summary>
    private string ReadName(ref Utf8JsonReader reader)
    {
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > 4 * Identifier.MaxLength)
        {
            return reader.GetString()!;
        }

        Span<char> buffer = stackalloc char[4 * Identifier.MaxLength];
        var name = buffer[..reader.CopyString(buffer)];
        var names = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        names.Add(name);
        names.TryGetValue(name, out var known);
        return known!;
    }

    private static string Shown(string name) => name.Length <= Identifier.MaxLength ? name : name[..32] + "…";

    private static string Said(JsonTokenType token) => token switch
    {
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.StartArray => "an array",
        _ => "an object",
    };

    /// <summary>A reading while it is read; remembers the first thing that is wrong with it as a whole, and every value that cannot be taken.</summary>
    private sealed class Draft
    {
        private readonly List<ParsedValue> _values = new(8);
        private List<(string Code, string Message)>? _refused;
        private string? _equipmentId;
        private IsoTimestamp? _timestamp;
        private (string Code, string Message)? _fault;

        public Duration Length { get; set; }

        public void Refuse(string message, string code = IntakeCodes.DataValidationFailed) => _fault ??= (code, message);

        /// <summary>The other values of the reading are taken.</summary>
        public void RefuseValue(string code, string message) => (_refused ??= []).Add((code, message));

        public void SetEquipmentId(string? id)
        {
            _equipmentId = id;
            if (Identifier.FaultOf(id) is { } fault)
            {
                Refuse($"equipment_id {fault}");
            }
        }

        public void SetTimestamp(string? text)
        {
            _timestamp = IsoTimestamp.Parse(text);
            if (_timestamp is null)
            {
                Refuse(
                    "timestamp must be an ISO 8601 date and time between the years 1970 and 2200, such as 2025-06-11T05:46:22Z, "
                    + "or without an offset for local time of the site.",
                    IntakeCodes.InvalidTimestamp);
            }
        }

        public void Add(string name, double value)
        {
            // The original's name of it.
            var metric = name == "cfm" ? "airflow" : name;
            if (Identifier.FaultOf(metric) is { } nameFault)
            {
                Refuse($"The metric name {Shown(name)} {nameFault}");
            }
            else if (ReadingChecks.RangeFault(metric, value) is { } rangeFault)
            {
                RefuseValue(ReadingChecks.ValueOutOfRange, rangeFault);
                return;
            }
            else if (_values.Count == MaxMetrics)
            {
                Refuse($"A reading has at most {MaxMetrics} metrics.");
            }
            else if (_values.Exists(other => other.Metric == metric))
            {
                Refuse($"{metric} is given twice.");
            }

            if (_fault is null)
            {
                _values.Add(new ParsedValue(metric, value));
            }
        }

        public void Finish(int index, List<ParsedReading> readings, List<Rejection> rejected)
        {
            RefuseWhatIsMissing();
            if (_fault is { } fault)
            {
                rejected.Add(new Rejection(index, fault.Code, fault.Message));
                return;
            }

            rejected.AddRange((_refused ?? []).Select(value => new Rejection(index, value.Code, value.Message)));
            if (_values.Count > 0)
            {
                readings.Add(new ParsedReading(index, _equipmentId!, _timestamp!.Value, Length, _values));
            }
        }

        private void RefuseWhatIsMissing()
        {
            if (_equipmentId is null)
            {
                Refuse("equipment_id is missing.");
            }

            if (_timestamp is null)
            {
                Refuse("timestamp is missing.", IntakeCodes.InvalidTimestamp);
            }

            if (_values.Count == 0 && _refused is null)
            {
                Refuse("The reading has no values.");
            }

            if (Length > Duration.Zero && _values.Find(value => MetricCatalogue.Find(value.Metric) is { Kind: QuantityKind.Register }) is { Metric: { } register })
            {
                Refuse($"{register} is the state of a counter at an instant: send it without duration_seconds.");
            }
        }
    }
}
