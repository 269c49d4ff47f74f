using System.Diagnostics;
using System.Globalization;

namespace SwarmOps.Tests.Walk;

/// <summary>Takes the steps of a plan, and looks after each whether everything that must hold does.</summary>
internal sealed class Walker(WalkOptions options, WalkLab lab, Report report, CancellationToken cancellation)
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(4);

    private readonly Ledger ledger = new();
    private readonly FaultMaker faults = new(lab, report);
    private readonly IReadOnlyList<Administrator> administrators =
    [
        new(lab, "anna", report.Folder, cancellation),
        new(lab, "bert", report.Folder, cancellation),
    ];

    private readonly Administrator closer = new(lab, "closing", report.Folder, cancellation);
    private Invariants Rules => field ??= new Invariants(ledger);

    private Fault standing = Fault.None;

    /// <summary>The number of steps that were taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Walks until the time is up or something does not hold.</summary>
    public async Task WalkAsync()
    {
        var plan = new Plan(options, lab.Hosts.Count);
        if (!await BeginAsync(plan.First()))
            return;
        // Counted from here: on a busy machine the swarm alone takes minutes.
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromMinutes(options.Minutes))
        {
            var step = plan.Next();
            var broken = await TakeAsync(step);
            Steps++;
            if (!await FineAsync(step.Number, broken))
                return;
        }

        if (standing.Kind != FaultKind.None)
        {
            await faults.HealAsync(standing);
            await FineAsync(Steps, await SettleAsync(new Step(Steps, Fault.None, [], 0, false), []));
        }
    }

    /// <summary>The swarm is made, and gets what must stay.</summary>
    private async Task<bool> BeginAsync(Step step)
    {
        report.Say($"step 0: {string.Join(" beside ", step.Lines)}");
        var outcomes = await RunLinesAsync(step, Task.CompletedTask);
        List<string> broken = [.. Documented(step.Lines.Zip(outcomes))];
        // On a busy machine both may have met an engine that did not answer in time: none, or one, but never two.
        broken.AddRange(Invariants.AtMostOne(await HostFacts.LookAtAllAsync(lab)));
        if (broken.Count == 0)
        {
            var closing = await CloseAsync(step);
            broken.AddRange(closing.Broken);
            broken.AddRange(Rules.Begin(await HostFacts.LookAtAllAsync(lab)));
            if (broken.Count == 0)
                broken.AddRange(await FurnishAsync());
            ledger.Begin();
            if (options.HasGalera && broken.Count == 0)
                broken.AddRange(await BeginGaleraAsync());
            if (broken.Count == 0)
                broken.AddRange(await HeldAsync(SettleLimit));
        }

        return await FineAsync(0, broken);
    }

    /// <summary>The first services; run again for as long as it gives documented errors, which a busy machine alone can cause.</summary>
    private async Task<IReadOnlyList<string>> FurnishAsync()
    {
        var clock = Stopwatch.StartNew();
        var line = new AdminLine("furnish", LineText.Furnish, 0);
        while (true)
        {
            var outcome = await closer.RunAsync(line.Text);
            Account("closing", line, outcome);
            var broken = Documented([(line, outcome)]).ToList();
            if (outcome.Succeeded || broken.Count > 0)
                return broken;
            if (clock.Elapsed > SettleLimit)
                return
                [
                    $"expected the swarm to take its first services within {SettleLimit.TotalSeconds:0} s; seen: {string.Join("; ", outcome.Errors.Select(error => error.Id))}",
                ];
        }
    }

    private async Task<IReadOnlyList<string>> BeginGaleraAsync()
    {
        var formed = await closer.RunAsync(LineText.FormGalera);
        if (!formed.Succeeded)
            return [$"expected a database; seen: {string.Join("; ", formed.Errors)} {formed.Crash}"];
        await new GaleraClients(lab).StartAsync(closer);
        return [];
    }

    private async Task<IReadOnlyList<string>> TakeAsync(Step step)
    {
        report.Say($"step {step.Number}: {step.Fault.Describe(lab.Hosts)}; {string.Join(" beside ", step.Lines)}");
        if (step.Fault.Kind != FaultKind.None)
            report.Faults++;
        if (step.Fault is { Kind: FaultKind.FullDisk } && !lab.HasOwnDisks)
            report.Say("    this machine has no loop devices: no disk is filled");
        if (step.Fault is { Kind: not FaultKind.None, AfterMilliseconds: 0 })
            await faults.MakeAsync(step.Fault);
        var outcomes = await RunLinesAsync(step, FaultAsync(step.Fault));
        var broken = new List<string>(Documented(step.Lines.Zip(outcomes)));
        broken.AddRange(await AlwaysAsync());
        if (broken.Count > 0)
            return broken;
        if (step.Fault is { Kind: not FaultKind.None, Heal: Heal.NextStep })
        {
            standing = step.Fault;
            report.Say("    the fault stays");
            return broken;
        }

        await faults.HealAsync(step.Fault.Kind == FaultKind.None ? standing : step.Fault);
        standing = Fault.None;
        return await SettleAsync(step, outcomes);
    }

    /// <summary>A fault that comes while the lines run, and perhaps goes while they do.</summary>
    private async Task FaultAsync(Fault fault)
    {
        if (fault is { Kind: not FaultKind.None, AfterMilliseconds: > 0 })
        {
            await Task.Delay(fault.AfterMilliseconds, cancellation);
            await faults.MakeAsync(fault);
        }

        if (fault is { Kind: not FaultKind.None, Heal: Heal.Meanwhile })
        {
            await Task.Delay(TimeSpan.FromSeconds(fault.HealAfterSeconds), cancellation);
            await faults.HealAsync(fault);
        }
    }

    private async Task<IReadOnlyList<LineOutcome>> RunLinesAsync(Step step, Task fault)
    {
        var running = step
            .Lines.Select(
                async (line, index) =>
                {
                    if (index > 0)
                        await Task.Delay(step.SecondAfterMilliseconds, cancellation);
                    var outcome = await administrators[index].RunAsync(line.Text, line.KillAt);
                    Account(administrators[index].Name, line, outcome);
                    return outcome;
                }
            )
            .ToList();
        var outcomes = await Task.WhenAll(running);
        await fault;
        return outcomes;
    }

    private void Account(string name, AdminLine line, LineOutcome outcome)
    {
        report.Say($"    {name}: {line.Title}: {outcome}");
        foreach (var error in outcome.Errors)
        {
            report.Errors[error.Id] = report.Errors.GetValueOrDefault(error.Id) + 1;
            report.Note($"{error.Id}: {error.Message} [{error.Action}]");
        }

        foreach (var warning in outcome.Warnings)
            report.Note($"warning: {warning}");
        if (outcome.Killed)
            report.Killed++;
        ledger.Note(line.Effect, outcome);
    }

    /// <summary>After the heal: engines serve, a leader is there, lines that did not come through are run again, the pipeline closes, and all that must hold does.</summary>
    private async Task<IReadOnlyList<string>> SettleAsync(Step step, IReadOnlyList<LineOutcome> outcomes)
    {
        var broken = new List<string>(await ServeAsync());
        if (broken.Count > 0)
            return broken;
        for (var index = 0; index < outcomes.Count; index++)
        {
            if (outcomes[index].Succeeded)
                continue;
            var outcome = await administrators[index].RunAsync(step.Lines[index].Text);
            Account(administrators[index].Name, step.Lines[index] with { Title = $"again {step.Lines[index].Title}" }, outcome);
            broken.AddRange(Documented([(step.Lines[index], outcome)]));
        }

        broken.AddRange(await AlwaysAsync());
        if (broken.Count > 0)
            return broken;
        var closing = await CloseAsync(step);
        broken.AddRange(closing.Broken);
        if (broken.Count == 0 && options.HasGalera)
            broken.AddRange(await CloseGaleraAsync());
        if (broken.Count == 0)
            broken.AddRange(await HeldAsync(SettleLimit));
        return broken;
    }

    /// <summary>Waits until every engine answers and the members have a leader. One that hangs is restarted, as a person would, and counted.</summary>
    private async Task<IReadOnlyList<string>> ServeAsync()
    {
        var clock = Stopwatch.StartNew();
        var restarted = false;
        while (true)
        {
            var facts = await HostFacts.LookAtAllAsync(lab);
            if (facts.All(fact => fact.Answers && fact.State is not "pending") && facts.Any(fact => fact.Nodes is not null))
                return [];
            if (Rules.Always(facts) is { Count: > 0 } broken)
                return broken;
            if (clock.Elapsed > SettleLimit)
                return
                [
                    $"expected all engines to serve and a leader within {SettleLimit.TotalSeconds:0} s; seen: {string.Join("; ", facts)}",
                ];
            if (!restarted && clock.Elapsed > SettleLimit / 2)
            {
                restarted = true;
                foreach (var fact in facts.Where(fact => fact.IsUp && (!fact.Answers || fact.State is "pending")))
                    await RemedyAsync(
                        fact,
                        "its engine does not serve",
                        "systemctl reset-failed docker docker.socket; systemctl kill -s KILL docker; timeout 50 systemctl restart docker.socket docker; true"
                    );
            }

            await Task.Delay(1000, cancellation);
        }
    }

    /// <summary>The pipeline once more, until it has nothing to complain of: what was begun is finished.</summary>
    private async Task<(IReadOnlyList<string> Broken, LineOutcome? Last)> CloseAsync(Step step)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var facts = await HostFacts.LookAtAllAsync(lab);
            var nodes = facts.FirstOrDefault(fact => fact.Nodes is not null)?.Nodes;
            var keeps = step.KeepsManagerCount && nodes is not null && nodes.Count(node => node.Manager.Length > 0) % 2 == 1;
            var line = new AdminLine(keeps ? "closing pipeline without promotion" : "closing pipeline", LineText.Pipeline(0, !keeps), 0);
            var outcome = await closer.RunAsync(line.Text);
            Account("closing", line, outcome);
            var broken = Documented([(line, outcome)]).ToList();
            if (broken.Count > 0 || outcome.Succeeded)
                return (broken, outcome);
            if (clock.Elapsed > SettleLimit)
                return (
                    [
                        $"expected the pipeline to finish what was begun within {SettleLimit.TotalSeconds:0} s; seen: {string.Join("; ", outcome.Errors.Select(error => $"{error.Id}: {error.Message} [{error.Action}]"))}",
                    ],
                    outcome
                );
            await FollowAsync(outcome);
        }
    }

    /// <summary>Does what the errors recommend for faults of the engine that are known: an engine that left and kept its gossip port, or does not come out of its swarm.</summary>
    private async Task FollowAsync(LineOutcome outcome)
    {
        if (!outcome.Errors.Any(error => error.Id is "GossipPortHeld" or "LeaveStuck"))
            return;
        foreach (var fact in await HostFacts.LookAtAllAsync(lab))
        {
            if (fact is { Answers: true, State: "inactive", HoldsGossipPort: true } or { Answers: true, State: "error" })
                await RemedyAsync(fact, outcome.Errors[0].Id, "systemctl restart docker");
        }
    }

    private async Task RemedyAsync(HostFacts fact, string reason, string script)
    {
        report.Remedies++;
        report.Say($"    {fact.Host.Name}: {reason}: restarted by hand ({fact})");
        await lab.ExecAsync(fact.Host, script, 120);
    }

    /// <summary>The database becomes whole by itself or by Repair-GaleraCluster, and has every write.</summary>
    private async Task<IReadOnlyList<string>> CloseGaleraAsync()
    {
        var clients = new GaleraClients(lab);
        var clock = Stopwatch.StartNew();
        while (await clients.TroubleAsync() is { } trouble)
        {
            if (clock.Elapsed > 3 * SettleLimit)
                return [$"expected the database to be whole within {3 * SettleLimit.TotalSeconds:0} s; seen: {trouble}"];
            if (clock.Elapsed > TimeSpan.FromSeconds(60))
            {
                var line = new AdminLine("repair galera", LineText.RepairGalera, 0);
                var outcome = await closer.RunAsync(line.Text);
                Account("closing", line, outcome);
                if (Documented([(line, outcome)]).ToList() is { Count: > 0 } broken)
                    return broken;
            }

            await Task.Delay(2000, cancellation);
        }

        var (acknowledged, missing) = await clients.CountAsync();
        report.Note($"{acknowledged} writes acknowledged");
        return missing;
    }

    /// <summary>What does not hold at the end of a time limit; what must hold at any moment has none.</summary>
    private async Task<IReadOnlyList<string>> HeldAsync(TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var facts = await HostFacts.LookAtAllAsync(lab);
            List<string> broken = [.. Rules.Settled(facts), .. options.HasEc2 ? await Firewall.DifferencesAsync(lab) : []];
            if (broken.Count == 0 || Rules.Always(facts).Count > 0 || clock.Elapsed > limit)
                return broken;
            await Task.Delay(1000, cancellation);
        }
    }

    /// <summary>What must hold at any moment. A leader that was cut off a moment ago may still tell what it last knew: what is broken must stay so.</summary>
    private async Task<IReadOnlyList<string>> AlwaysAsync()
    {
        if (Rules.Always(await HostFacts.LookAtAllAsync(lab)).Count == 0)
            return [];
        await Task.Delay(TimeSpan.FromSeconds(15), cancellation);
        return Rules.Always(await HostFacts.LookAtAllAsync(lab));
    }

    private async Task<bool> FineAsync(int step, IReadOnlyList<string> broken)
    {
        if (broken.Count == 0)
            return true;
        report.Violations += broken.Count;
        report.Say(string.Create(CultureInfo.InvariantCulture, $"VIOLATION: seed {options.Seed}, step {step}"));
        foreach (var one in broken)
            report.Say($"    {one}");
        await report.DiagnoseAsync(lab);
        report.Say($"The lines with their output, and what each host says, are in {report.Folder.FullName}");
        report.Say($"Again: {options.ReplayLine}");
        return false;
    }

    private static IEnumerable<string> Documented(IEnumerable<(AdminLine Line, LineOutcome Outcome)> lines) =>
        lines.SelectMany(pair => DocumentedErrors.Violations(pair.Line.Title, pair.Outcome));
}
