using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Ems.AppHost.Local.Running;

/// <summary>The command lines of the servers: on loopback alone, data and password in a folder that only the user can read.</summary>
internal static class EngineCommands
{
    // Ends the server when standard input ends, as the startup hook does for the services.
    private const string Guard = """
        trap '' INT HUP
        exec 3<&0
        if [ -n "$EMS_EPMD" ]; then "$EMS_EPMD" -address 127.0.0.1 -port "$ERL_EPMD_PORT" </dev/null 3<&- & epmd=$!; fi
        "$@" </dev/null 3<&- & engine=$!
        (cat <&3; kill -TERM "$engine") >/dev/null 2>&1 &
        wait "$engine"; code=$?
        [ -z "$epmd" ] || kill "$epmd"
        exit "$code"
        """;

    public static EngineCommand Redis(string program, string folder, int port)
    {
        var password = Password(folder);
        var settings = Path.Combine(folder, "redis.conf");
        File.WriteAllText(settings, $"bind 127.0.0.1\nport {port}\ndir \"{folder}\"\nrequirepass {password}\nappendonly yes\n");
        return new(Command(folder, program, settings), $"127.0.0.1:{port},password={password}");
    }

    public static EngineCommand Mongo(string program, string folder, int port) => new(
        Command(folder, program, "--dbpath", folder, "--port", port.ToString(CultureInfo.InvariantCulture), "--bind_ip", "127.0.0.1"),
        $"mongodb://127.0.0.1:{port}");

    /// <param name="ownPorts">Of epmd and of Erlang's distribution.</param>
    public static EngineCommand RabbitMq(string program, string folder, int port, int[] ownPorts, string userName, string? givenPassword)
    {
        // Debian's wrapper on PATH changes the user; the program behind it does not.
        const string behindWrapper = "/usr/lib/rabbitmq/bin/rabbitmq-server";
        var password = givenPassword ?? Password(folder);
        var settings = Path.Combine(folder, "rabbitmq");
        File.WriteAllText($"{settings}.conf", $"default_user = {userName}\ndefault_pass = {password}\n");
        File.WriteAllText(Path.Combine(folder, "enabled_plugins"), "[].");

        var start = Command(folder, File.Exists(behindWrapper) ? behindWrapper : program);
        var environment = start.Environment;
        environment["HOME"] = folder;
        environment["EMS_EPMD"] = FindOnPath("epmd");
        environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
        environment["ERL_EPMD_PORT"] = ownPorts[0].ToString(CultureInfo.InvariantCulture);
        environment["RABBITMQ_NODENAME"] = "ems@localhost";
        environment["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1";
        environment["RABBITMQ_NODE_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        environment["RABBITMQ_DIST_PORT"] = ownPorts[1].ToString(CultureInfo.InvariantCulture);
        environment["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia");
        environment["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log");
        environment["RABBITMQ_CONFIG_FILE"] = settings;
        environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins");
        environment["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid");
        environment["RABBITMQ_CONF_ENV_FILE"] = "/dev/null";
        environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}";
        return new(start, $"amqp://{Uri.EscapeDataString(userName)}:{Uri.EscapeDataString(password)}@127.0.0.1:{port}");
    }

    public static string? FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{program}.exe" : program))
            .FirstOrDefault(File.Exists);

    public static void CreatePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static string Password(string folder)
    {
        var file = Path.Combine(folder, "password");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, RandomNumberGenerator.GetHexString(32, lowercase: true));
        }

        return File.ReadAllText(file);
    }

    private static ProcessStartInfo Command(string folder, string program, params string[] arguments)
    {
        // A session of its own: what the terminal sends when Ctrl+C is pressed or it is closed reaches the AppHost alone.
        string[] guarded = ["/bin/sh", "-c", Guard, "sh", program, .. arguments];
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(program, arguments)
            : FindOnPath("setsid") is { } setsid ? new ProcessStartInfo(setsid, guarded)
            : new ProcessStartInfo(guarded[0], guarded[1..]);
        start.WorkingDirectory = folder;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return start;
    }
}
