using System.Globalization;
using System.Text.Json.Nodes;
using SwarmOps.Completion;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Members;
using SwarmOps.Transport;

namespace SwarmOps.Services;

/// <summary>
/// What Tab knows of a service. Of its environment the names alone: values may be secret, and what Tab knows stays in memory for a while.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Image">Its image, without a digest.</param>
/// <param name="Running">How many tasks run.</param>
/// <param name="Desired">How many are to run.</param>
/// <param name="IsReplicated">Whether it has a number of replicas, not one task a node or a job.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Environment">Names of its environment variables.</param>
internal sealed record ServiceOutline(
    string Name,
    string Image,
    int Running,
    int Desired,
    bool IsReplicated,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> Environment
)
{
    /// <summary>The services of the swarm that the command line speaks of; none when nobody answers in time.</summary>
    public static IReadOnlyList<ServiceOutline> Read(CompletionRequest request) =>
        PromptManager.Recall(NodesAtHand.Of(request), "services", ListAsync) ?? [];

    /// <summary>Those that the command names in a parameter; all when it names none, or one that is not there.</summary>
    public static IReadOnlyList<ServiceOutline> Read(CompletionRequest request, string parameter)
    {
        var (all, names) = (Read(request), request.Texts(parameter));
        return all.Where(service => names.Contains(service.Name, StringComparer.Ordinal)).ToList() is { Count: > 0 } named ? named : all;
    }

    /// <summary>The values of a label that marks services which belong together, as candidates.</summary>
    public static IEnumerable<Candidate> Groups(CompletionRequest request, string label) =>
        Read(request)
            .Where(service => service.Labels.ContainsKey(label))
            .GroupBy(service => service.Labels[label], StringComparer.Ordinal)
            .Select(group => new Candidate(
                group.Key,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{group.First().Image}, {group.Sum(service => service.Running)}/{group.Sum(service => service.Desired)} tasks"
                )
            ));

    /// <summary>What a tooltip says of it.</summary>
    public string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"{Image}, {Running}/{Desired} {(IsReplicated ? "replicas" : "tasks")}");

    private static async Task<List<ServiceOutline>> ListAsync(INodeConnection manager, CancellationToken cancellationToken)
    {
        var listed = await manager
            .AskJsonAsync(api => api.GetAsync("/services?status=true", cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return [.. (listed as JsonArray ?? []).OfType<JsonNode>().Select(From)];
    }

    private static ServiceOutline From(JsonNode json)
    {
        var state = new ServiceState(json);
        var variables = (state.Template?["ContainerSpec"]?["Env"] as JsonArray ?? []).Select(entry => ((string?)entry ?? "").Split('=')[0]);
        return new ServiceOutline(
            state.Name,
            state.Image.Split('@')[0],
            (int?)json["ServiceStatus"]?["RunningTasks"] ?? 0,
            state.DesiredCount,
            state.Mode == SwarmServiceMode.Replicated,
            state.Labels,
            [.. variables.Where(name => name.Length > 0)]
        );
    }
}
