using System.Text.Json.Nodes;
using Docker.DotNet;
using SwarmOps.Pipeline;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Stacks.Planning;

/// <summary>Finds the versions of secrets and configs that the services of a stack are to use. Those that docker stack deploy made are kept while their content is the same.</summary>
internal sealed class StoredPlanner(SwarmSession swarm, StackNames names, StackState state, StackFacts facts, StackFindings findings)
{
    /// <summary>External secrets that may be missing, because a Galera cluster of the stack creates them.</summary>
    public IReadOnlySet<string> Expected { get; init; } = new HashSet<string>();

    /// <summary>Begins with the slow hashes of secrets, while the swarm is read.</summary>
    public static Task HashAsync(StackDefinition stack, StackNames names, StackFacts facts, SwarmSession swarm) =>
        Throttle.ForEachAsync(
            stack.Secrets.Where(secret => secret.Origin != StackFileOrigin.External),
            Environment.ProcessorCount,
            secret => NameAsync(StoredKind.Secret, secret, names, facts, swarm),
            swarm.Context.CancellationToken
        );

    /// <summary>The versions, in the order of the definitions.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<StoredStep>> PlanAsync(StoredKind kind, IReadOnlyList<StackFileObject> files) =>
        await Task.WhenAll(files.Select(file => PlanAsync(kind, file))).ConfigureAwait(false);

    private async Task<StoredStep> PlanAsync(StoredKind kind, StackFileObject file)
    {
        var name = names.Of(file);
        var all = state.Stored(kind);
        if (file.Origin == StackFileOrigin.External)
        {
            var external = StoredItems.Newest(all, name) ?? all.FirstOrDefault(item => item.ObjectName == name);
            if (external is null && !(kind.IsSecret && Expected.Contains(name)))
                findings.Add(
                    $"the external {kind.Noun} '{name}' does not exist",
                    $"Create it with New-{kind.CmdletNoun} -Name {name}, or correct its name."
                );
            return new StoredStep(kind, file, name, external?.ObjectName ?? name, external);
        }

        var labels = names.Labels(file.Labels);
        var hashed = await NameAsync(kind, file, names, facts, swarm).ConfigureAwait(false);
        if (all.FirstOrDefault(item => item.ObjectName == hashed) is { } same)
            return new StoredStep(kind, file, name, hashed, same);
        var plain = all.FirstOrDefault(item => item.ObjectName == name);
        if (
            plain is not null
            && StackState.StackOf(plain.Labels) == names.Stack
            && await IsSameAsync(plain, file, labels).ConfigureAwait(false)
        )
            return new StoredStep(kind, file, name, name, plain);
        if (plain is not null && StackState.StackOf(plain.Labels) != names.Stack && file.Name is not null)
            findings.Add(
                $"the {kind.Noun} '{name}' exists and does not belong to the stack",
                "Write 'external: true' in place of its content to use it as it is, or choose another name."
            );
        var versions = all.Where(item => item.Name == name).ToList();
        return new StoredStep(kind, file, name, plain is null && file.Name is not null ? name : hashed, null)
        {
            Version = versions.Count == 0 ? 1 : versions.Max(item => item.Version) + 1,
        };
    }

    private static Task<string> NameAsync(StoredKind kind, StackFileObject file, StackNames names, StackFacts facts, SwarmSession swarm) =>
        facts.NameAsync(kind, names.Of(file), file, names.Labels(file.Labels), swarm.SwarmId);

    private async Task<bool> IsSameAsync(StoredItem item, StackFileObject file, IReadOnlyDictionary<string, string?> labels)
    {
        var own = item.Labels.Where(label => !StoredRules.IsReserved(label.Key)).ToList();
        if (own.Count != labels.Count || own.Any(label => labels.GetValueOrDefault(label.Key) != label.Value))
            return false;
        // What a secret driver provides cannot be compared.
        if (file.TemplateDriver != item.TemplateDriver || file.Driver is not null || file.Value is not { } value)
            return false;
        return item.Kind.IsSecret
            ? await HasValueAsync(item, value).ConfigureAwait(false)
            : item.Data.AsSpan().SequenceEqual(value.Bytes.Span);
    }

    /// <summary>
    /// Whether a secret, whose value no engine returns, has a value. An update with an outdated version changes nothing, and before the version the engine compares the
    /// value (swarmkit, manager/controlapi/secret.go).
    /// </summary>
    private async Task<bool> HasValueAsync(StoredItem item, StackValue value)
    {
        var labels = new JsonObject(item.Labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)));
        var document = new JsonObject
        {
            ["Name"] = item.ObjectName,
            ["Labels"] = labels,
            ["Data"] = Convert.ToBase64String(value.Bytes.Span),
        };
        try
        {
            await swarm
                .AskAsync((api, token) => api.PostAsync($"/secrets/{item.Id}/update?version=0", document, token))
                .ConfigureAwait(false);
            return true;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api)
        {
            return TransportErrors.MessageOf(api).Contains("out of sequence", StringComparison.Ordinal);
        }
    }
}
