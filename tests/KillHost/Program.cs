using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

// Runs a script with the module and ends itself by SIGKILL at the n-th remote call, before it is sent: what a runbook's worker does when it is taken away.
// Arguments: path of the manifest, path of the script, n (0: never). Prints a line "CALLS <count>" when it came to the end.
var (manifest, script, killAt) = (args[0], args[1], int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture));
var calls = 0;

using var listener = new ActivityListener
{
    ShouldListenTo = source => source.Name == "SwarmOps.Transport",
    Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
    ActivityStarted = activity =>
    {
        if (Interlocked.Increment(ref calls) == killAt)
            Process.GetCurrentProcess().Kill();
    },
};
ActivitySource.AddActivityListener(listener);

using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
runspace.Open();
using var shell = PowerShell.Create(runspace);
shell.AddScript($"$ErrorActionPreference = 'Stop'; Set-StrictMode -Version Latest; Import-Module '{manifest}'; . '{script}'");
foreach (var item in shell.Invoke())
    Console.WriteLine(item);
Console.WriteLine($"CALLS {calls}");
return 0;
