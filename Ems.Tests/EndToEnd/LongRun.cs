namespace Ems.Tests.EndToEnd;

/// <summary>Whether tests that have a long form run it (<c>EMS_TEST_LONG=1</c>).</summary>
internal static class LongRun
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("EMS_TEST_LONG") == "1";
}
