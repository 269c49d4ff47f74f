using System.Globalization;
using System.Runtime.InteropServices;
using SwarmOps.Tests.Walk;

// A random walk of two administrators over a lab under faults. Exit code 0: all held; 1: something did not, or the walk could not go on; 130: stopped.
var options = WalkOptions.Parse(args);
using var stop = new CancellationTokenSource();
PosixSignalRegistration On(PosixSignal signal) =>
    PosixSignalRegistration.Create(
        signal,
        context =>
        {
            context.Cancel = true;
            stop.Cancel();
        }
    );
using var interrupt = On(PosixSignal.SIGINT);
using var terminate = On(PosixSignal.SIGTERM);
using var hangUp = On(PosixSignal.SIGHUP);

// Whoever started the walk and is gone wants no more of it.
var parent = ParentProcess.Id;
using var watch = new Timer(
    _ =>
    {
        if (ParentProcess.Id != parent)
            stop.Cancel();
    },
    null,
    TimeSpan.FromSeconds(2),
    TimeSpan.FromSeconds(2)
);

using var report = new Report(options.Seed);
report.Say(
    string.Create(
        CultureInfo.InvariantCulture,
        $"walk: seed {options.Seed}, {options.Minutes} minutes; the same choices again: {options.ReplayLine}"
    )
);

// The lab waits so many times longer than on a machine of its own: beside other work hosts take minutes to boot.
Environment.SetEnvironmentVariable("LAB_PATIENCE", "6");
var lab = new WalkLab(options.LabName, stop.Token);
var walker = new Walker(options, lab, report, stop.Token);
var code = 0;
try
{
    await lab.UpAsync(options, report.Folder);
    await walker.WalkAsync();
}
catch (OperationCanceledException)
{
    report.Say("walk: stopped");
    code = 130;
}
catch (Exception exception)
{
    report.Say($"walk: cannot go on: {exception}");
    code = 1;
}

if (options.KeepsLab && report.Violations > 0)
    report.Say($"The lab stays up: lab/lab status --name {lab.Name}; lab/lab down --name {lab.Name}");
else
    await lab.DownAsync();
foreach (var (id, count) in report.Errors)
    report.Say(string.Create(CultureInfo.InvariantCulture, $"    documented error {id}: {count}"));
report.Say(
    string.Create(
        CultureInfo.InvariantCulture,
        $"walk: seed {options.Seed}, {walker.Steps} steps, {report.Faults} faults, {report.Killed} killed runs, {report.Remedies} engines restarted by hand, {report.Violations} violations"
    )
);
return report.Violations > 0 ? 1 : code;
