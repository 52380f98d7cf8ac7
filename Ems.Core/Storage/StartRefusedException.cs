namespace Ems.Core.Storage;

/// <summary>The process must not start like this; the message is one line that says what to set or to do.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
