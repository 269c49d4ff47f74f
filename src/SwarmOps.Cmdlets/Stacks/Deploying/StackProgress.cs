using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks.Deploying;

/// <summary>Shows a line for each service and region of a stack. Services are watched at the same time.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="activity">What is done.</param>
/// <param name="count">The number of services.</param>
internal sealed class StackProgress(SwarmSession swarm, string activity, int count)
{
    /// <summary>More lines would fill the screen.</summary>
    private const int MostLines = 20;

    private readonly Dictionary<(string Service, string Region), int> lines = [];
    private readonly Dictionary<(string Service, string Region), string> said = [];
    private readonly HashSet<string> done = new(StringComparer.Ordinal);
    private readonly object sync = new();

    /// <summary>Shows what is done with no service in particular.</summary>
    public void Say(string status) => swarm.Context.WriteProgress(new OperationProgress(0, activity, status));

    /// <summary>Shows one look at a service.</summary>
    public void Show(ConvergenceView view)
    {
        lock (sync)
        {
            var sound = view.Sound;
            foreach (var region in view.Current.GroupBy(task => swarm.Place(task.NodeId)?.Region ?? ""))
            {
                var waiting = region
                    .Where(task => !sound.Contains(task))
                    .Select(task => task.State)
                    .Distinct()
                    .Order(StringComparer.Ordinal);
                var status = $"{region.Count(sound.Contains)} of {region.Count()} tasks";
                Line((view.Service.Name, region.Key), string.Join(", ", waiting.Prepend(status)));
            }

            if (view.IsComplete ? done.Add(view.Service.Name) : done.Remove(view.Service.Name))
                Say($"{done.Count} of {count} services");
        }
    }

    public void End()
    {
        lock (sync)
        {
            foreach (var line in lines.Values)
                swarm.Context.WriteProgress(new OperationProgress(line, activity, "Done", Completed: true));
            swarm.Context.WriteProgress(new OperationProgress(0, activity, "Done", Completed: true));
        }
    }

    private void Line((string Service, string Region) key, string status)
    {
        if (said.GetValueOrDefault(key) == status)
            return;
        said[key] = status;
        var name = key.Region.Length == 0 ? key.Service : $"{key.Service} in {key.Region}";
        swarm.Context.WriteVerbose($"{name}: {status}");
        if (!lines.TryGetValue(key, out var line))
        {
            if (lines.Count >= MostLines)
                return;
            lines[key] = line = lines.Count + 1;
        }

        swarm.Context.WriteProgress(new OperationProgress(line, name, status));
    }
}
