using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

// Runs a script with the module and ends itself by SIGKILL at the n-th point: what happens to a runbook whose worker is taken away.
// A point lies before each remote call that may change something (any but GET), or, with "all", before every remote call. With "effects"
// commands that are run in a container are left out, too: the module only reads by them, again and again while it waits.
// Arguments: path of the manifest, path of the script, n (0: never), "changes", "effects" or "all". Prints "POINTS <count>" when it came to its end.
var (manifest, script, killAt, extent) = (args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture), args[3]);
var points = 0;

void Pass()
{
    if (Interlocked.Increment(ref points) == killAt)
        Process.GetCurrentProcess().Kill();
}

bool IsPoint(Activity activity) =>
    extent == "all" || (activity.GetTagItem("http.request.method") is not "GET" && !(extent == "effects" && IsExec(activity)));

static bool IsExec(Activity activity) =>
    activity.GetTagItem("url.path") is string path
    && (path.EndsWith("/exec", StringComparison.Ordinal) || path.Contains("/exec/", StringComparison.Ordinal));

using var listener = new ActivityListener
{
    ShouldListenTo = source => source.Name == "SwarmOps.Transport",
    Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
    ActivityStarted = activity =>
    {
        if (IsPoint(activity))
            Pass();
    },
};
ActivitySource.AddActivityListener(listener);

using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
runspace.Open();
using var shell = PowerShell.Create(runspace);
shell.AddScript($"$ErrorActionPreference = 'Stop'; Set-StrictMode -Version Latest; Import-Module '{manifest}'; . '{script}'");
foreach (var item in shell.Invoke())
    Console.WriteLine(item);
Console.WriteLine($"POINTS {points}");
return 0;
