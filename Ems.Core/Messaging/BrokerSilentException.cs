namespace Ems.Core.Messaging;

/// <summary>The broker did not answer in time.</summary>
public sealed class BrokerSilentException(string message) : Exception(message);
