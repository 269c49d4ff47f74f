using System.Globalization;

namespace SwarmOps.Host;

/// <summary>The entry point: reads the arguments, runs the script, turns the result into an exit code.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        // The engine reports module loads to its maker over the network unless told not to; this host talks to nobody.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

        CultureInfo.CurrentCulture = new WordWrappingCulture();

        HostArguments parsed;
        try
        {
            parsed = HostArguments.Parse(arguments);
        }
        catch (ArgumentException problem)
        {
            Console.Error.WriteLine(problem.Message);
            Console.Error.WriteLine("Type 'SwarmOps.Host -Help' for the arguments.");
            return ExitCode.BadArguments;
        }

        switch (parsed.Mode)
        {
            case HostMode.Help:
                Console.Out.WriteLine(HostArguments.Usage);
                return ExitCode.Success;
            case HostMode.Version:
                Console.Out.WriteLine($"SwarmOps.Host {EmbeddedHost.HostVersion} (PowerShell engine {EmbeddedHost.EngineVersion})");
                return ExitCode.Success;
            default:
                using (var runner = new ScriptRunner(parsed))
                    return runner.Run();
        }
    }
}
