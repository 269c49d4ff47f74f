using System.Globalization;

namespace SwarmOps.Tests.Walk;

/// <summary>
/// Draws the steps. All choices come from the seed alone, never from what happens: the same seed makes the same plan. How the lines, the
/// faults and the engines' own timers interleave differs from run to run.
/// </summary>
internal sealed class Plan(WalkOptions options, int hostCount)
{
    // The generator of .NET for a given seed is fixed: it gives the same numbers in every version.
    /// <summary>A full disk on which the engine starts again.</summary>
    public const string RestartedEngine = "restart";

    private readonly Random random = new(options.Seed);
    private readonly HashSet<(string Kind, string Name)> made = [];
    private int number;
    private bool healsNow;

    /// <summary>The two lines that make the swarm: the same pipeline, sometimes by both at once, with first nodes of their own choice.</summary>
    public Step First()
    {
        var lines = new List<AdminLine> { new("pipeline", LineText.Pipeline(random.Next(hostCount)), 0) };
        if (random.Next(2) == 0)
            lines.Add(new("pipeline", LineText.Pipeline(random.Next(hostCount)), 0));
        return new(0, Fault.None, lines, random.Next(3000), false);
    }

    /// <summary>The next step.</summary>
    public Step Next()
    {
        number++;
        var fault = healsNow ? Fault.None : DrawFault();
        healsNow = fault.Heal == Heal.NextStep;
        var first = DrawLine("a");
        var lines =
            random.Next(10) < 7 ? [first, random.Next(4) == 0 ? first with { KillAt = 0 } : DrawLine("b")] : new List<AdminLine> { first };
        foreach (var effect in lines.Select(line => line.Effect).OfType<Effect>())
            _ = effect.IsRemoval ? made.Remove((effect.Kind, effect.Name)) : made.Add((effect.Kind, effect.Name));
        return new(number, fault, lines, random.Next(4000), random.Next(3) == 0);
    }

    private Fault DrawFault()
    {
        var kind = Draw(
            (FaultKind.None, 5),
            (FaultKind.Reboot, 2),
            (FaultKind.HardReboot, 3),
            (FaultKind.PowerOff, 3),
            (FaultKind.EngineKilled, 3),
            (FaultKind.Cut, 3),
            (FaultKind.DropPort, 3),
            (FaultKind.FullDisk, 2),
            (FaultKind.Outage, 3),
            (FaultKind.PowerCut, 2)
        );
        var host = random.Next(hostCount);
        var detail = kind switch
        {
            FaultKind.Cut => random.Next(2) == 0 ? "--keep-admin" : "",
            FaultKind.FullDisk => random.Next(2) == 0 ? RestartedEngine : "",
            FaultKind.DropPort => Draw(("2377/tcp", 4), ("7946/tcp", 2), ("7946/udp", 2), ("4789/udp", 1)),
            _ => "",
        };
        var after = random.Next(2) == 0 ? 0 : random.Next(6000);
        var heal = Draw((Heal.AfterLines, 4), (Heal.Meanwhile, 4), (Heal.NextStep, 2));
        var seconds = random.Next(2, 30);
        return kind switch
        {
            FaultKind.None => Fault.None,
            // These end by themselves.
            FaultKind.Reboot or FaultKind.HardReboot or FaultKind.PowerCut => new(kind, host, detail, after, Heal.AfterLines, 0),
            _ => new(kind, host, detail, after, heal, seconds),
        };
    }

    /// <summary>A line; what it makes carries the step's number and the administrator's letter.</summary>
    private AdminLine DrawLine(string letter)
    {
        var host = random.Next(hostCount);
        // A database's service stays with its node: where there is one, only the host without a database comes and goes.
        var spare = options.HasGalera ? hostCount - 1 : host;
        var name = string.Create(CultureInfo.InvariantCulture, $"walk-{number}{letter}");
        var choices = new List<(Func<AdminLine>, int)>
        {
            (() => new("pipeline", LineText.Pipeline(host), 0), 4),
            (() => new("promote to 3", LineText.Promote(3), 0), 3),
            (() => new($"demote host {host}", LineText.Demote(host), 0), 3),
            (() => new("demote to 1", LineText.DemoteToOne, 0), 2),
            (() => new($"remove host {spare} and join it again", LineText.RemoveAndJoin(spare), 0), 3),
            (() => new("rotate secret pw", LineText.RotateSecret, 0), 3),
            (() => new("rotate config conf", LineText.RotateConfig(name), 0), 3),
            (() => Make("secret", name), 2),
            (() => Make("config", name), 2),
            (() => Make("service", name), 2),
            (() => Remove("secret"), 1),
            (() => Remove("config"), 1),
            (() => Remove("service"), 1),
            (() => new("update service web", LineText.UpdateService(name), 0), 2),
            (() => new("test overlay app", LineText.TestOverlay, 0), 2),
        };
        if (options.HasGalera)
        {
            choices.Add((() => new("form galera", LineText.FormGalera, 0), 2));
            choices.Add((() => new("restart galera", LineText.RestartGalera, 0), 3));
            choices.Add((() => new("repair galera", LineText.RepairGalera, 0), 3));
        }

        if (options.HasEc2)
            choices.Add((() => new("sync firewall", LineText.SyncFirewall, 0), 3));
        var line = Draw([.. choices])();
        return random.Next(3) == 0 ? line with { KillAt = random.Next(1, 80) } : line;
    }

    private static AdminLine Make(string kind, string name) =>
        new($"new {kind} {name}", LineText.New(kind, name), 0, new(kind, name, IsRemoval: false));

    private AdminLine Remove(string kind)
    {
        var names = made.Where(item => item.Kind == kind).Select(item => item.Name).Order(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
            return new("pipeline", LineText.Pipeline(0), 0);
        var name = names[random.Next(names.Count)];
        return new($"remove {kind} {name}", LineText.Remove(kind, name), 0, new(kind, name, IsRemoval: true));
    }

    private T Draw<T>(params (T Item, int Weight)[] items)
    {
        var at = random.Next(items.Sum(item => item.Weight));
        foreach (var (item, weight) in items)
        {
            at -= weight;
            if (at < 0)
                return item;
        }

        throw new InvalidOperationException("The weights do not add up.");
    }
}
