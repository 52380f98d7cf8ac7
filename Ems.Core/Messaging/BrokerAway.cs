using RabbitMQ.Client.Exceptions;

namespace Ems.Core.Messaging;

/// <summary>Tells whether something failed because the broker cannot be reached now, which passes by itself.</summary>
public static class BrokerAway
{
    public static bool Is(Exception exception) => exception switch
    {
        BrokerUnreachableException or BrokerSilentException => true,

        // What the broker itself has answered to a wrong call stays wrong.
        OperationInterruptedException { ShutdownReason.ReplyCode: >= 403 and <= 406 } => false,
        OperationInterruptedException => true,
        _ => false,
    };
}
