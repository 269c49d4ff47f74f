using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Services.Running;

/// <summary>Shows the convergence of a service: one line for the service and one for each task.</summary>
internal sealed class ConvergenceProgress(SwarmSession swarm)
{
    /// <summary>More lines would fill the screen; unfinished tasks come first.</summary>
    private const int MostLines = 20;

    private readonly Dictionary<string, int> lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> said = new(StringComparer.Ordinal);
    private string activity = "Service";

    public void Show(ConvergenceView view)
    {
        activity = $"Service {view.Service.Name}";
        var percent = view.Wanted == 0 ? 0 : Math.Min(100, 100 * view.Sound.Count / view.Wanted);
        swarm.Context.WriteProgress(
            new OperationProgress(
                0,
                activity,
                $"{view.Sound.Count} of {view.Wanted} tasks{(view.IsComplete ? ", checking that they remain stable" : "")}",
                percent
            )
        );
        foreach (var task in view.Current.OrderBy(view.Sound.Contains).Take(MostLines))
        {
            var words = ConvergenceView.Words(task, task.IsRunning ? null : view.LastFailure(task.Place));
            // The state alone reveals nothing; an engine's error may quote arguments that are secret.
            if (words != task.State)
                words = Masking.Text(words, view.Secrets);
            var place = swarm.Place(task.NodeId)?.ToString() ?? "no node yet";
            if (!lines.TryGetValue(task.Place, out var line))
                lines[task.Place] = line = lines.Count + 1;
            var name = task.Slot > 0 ? $"{view.Service.Name}.{task.Slot} on {place}" : place;
            swarm.Context.WriteProgress(new OperationProgress(line, name, words));
            if (said.GetValueOrDefault(task.Place) == words)
                continue;
            said[task.Place] = words;
            swarm.Context.WriteVerbose($"{name}: {words}");
        }
    }

    public void End()
    {
        foreach (var line in lines.Values)
            swarm.Context.WriteProgress(new OperationProgress(line, activity, "Done", Completed: true));
        swarm.Context.WriteProgress(new OperationProgress(0, activity, "Done", Completed: true));
    }
}
