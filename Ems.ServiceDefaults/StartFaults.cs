using Ems.Core.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ems.ServiceDefaults;

/// <summary>A start that fails for what was set says so in one line and ends with code 1; a stack trace would hide it.</summary>
public static class StartFaults
{
    public static void SayInOneLine(ILoggingBuilder logging)
    {
        // It logs the same fault with its stack before it is thrown; what stops a running host it logs as critical.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            if (LineOf(unhandled.ExceptionObject) is { } line)
            {
                Console.Error.WriteLine(line);
                Environment.Exit(1);
            }
        };
    }

    private static string? LineOf(object fault) => fault switch
    {
        OptionsValidationException options => string.Join(' ', options.Failures),
        AggregateException many when many.InnerExceptions.All(one => LineOf(one) is not null) => string.Join(' ', many.InnerExceptions.Select(LineOf)),
        StartRefusedException refused => refused.Message,
        IOException { InnerException: AddressInUseException } taken => $"{taken.Message} End the other program, or choose another address with --urls.",
        UnauthorizedAccessException denied =>
            $"{denied.Message} Set Ems__DataDirectory to a folder that this account may make and write.",
        OperationCanceledException => "It was ended before it had started.",
        _ => null,
    };
}
