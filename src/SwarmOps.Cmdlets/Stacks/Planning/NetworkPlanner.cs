using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Stacks.Model;
using SwarmOps.Stacks.Specification;

namespace SwarmOps.Stacks.Planning;

/// <summary>Compares the networks of a stack with those of the swarm. A network cannot be changed, so one that differs stands against the deployment.</summary>
internal sealed class NetworkPlanner(StackNames names, StackState state, StackFindings findings)
{
    /// <summary>The networks that services use, as docker stack deploy creates them.</summary>
    public IReadOnlyList<NetworkStep> Plan(StackDefinition stack)
    {
        var used = stack
            .Services.SelectMany(service => service.Networks)
            .Select(attachment => attachment.Network)
            .Concat(stack.Parts.Select(part => part.Network))
            .ToHashSet();
        return [.. stack.Networks.Where(network => used.Contains(network.Key)).Select(Plan)];
    }

    private NetworkStep Plan(StackNetwork network)
    {
        var name = names.Of(network);
        var present = state.Networks.FirstOrDefault(present => present.Name == name);
        var step = new NetworkStep(network, name, present) { IsInUse = present is not null && IsUsed(present.ID) };
        if (network.IsExternal)
        {
            if (step.Present is null && !step.IsPredefined)
                findings.Add(
                    $"the external network '{name}' does not exist in the swarm",
                    $"Create it with New-EncryptedOverlay -Name {name}, or correct its name."
                );
            else if (step.Present is { Ingress: true })
                findings.Add(
                    $"the network '{name}' is the routing mesh, which services cannot be attached to",
                    "Remove it; a published port is on the routing mesh by itself."
                );
        }
        else if (present is not null)
            Check(network, present, name);

        return step;
    }

    private bool IsUsed(string id) =>
        state.Services.Any(service =>
            (service.Template?["Networks"] as JsonArray ?? []).Any(attachment => (string?)attachment?["Target"] == id)
        );

    private void Check(StackNetwork network, NetworkResponse present, string name)
    {
        if (StackState.StackOf(present.Labels) != names.Stack)
        {
            findings.Add(
                $"the network '{name}' exists and does not belong to the stack",
                $"Write 'external: true' and 'name: {name}' to use it as it is, or choose another name."
            );
            return;
        }

        var differences = Differences(network, present);
        if (differences.Count > 0)
            findings.Add(
                $"the network '{name}' differs from the file, and a network cannot be changed: {string.Join("; ", differences)}",
                $"Undo the change in the file, or remove the stack first: Remove-SwarmStack -Name {names.Stack}. Volumes are kept."
            );
    }

    /// <summary>What differs; what the file does not set is not compared.</summary>
    public static IReadOnlyList<string> Differences(StackNetwork network, NetworkResponse present)
    {
        var differences = new List<string>();
        Compare("driver", present.Driver, network.Driver ?? "overlay");
        Compare("internal", Text(present.Internal), Text(network.IsInternal));
        Compare("attachable", Text(present.Attachable), Text(network.IsAttachable));
        Compare("enable_ipv6", Text(present.EnableIPv6), Text(network.EnablesIPv6));
        var options = present.Options ?? new Dictionary<string, string>();
        foreach (var (key, value) in network.DriverOptions)
            Compare($"option {key}", options.TryGetValue(key, out var now) ? $"'{now}'" : "none", $"'{value}'");
        if (options.ContainsKey("encrypted") && !network.DriverOptions.ContainsKey("encrypted"))
            differences.Add("the swarm's is encrypted");
        var subnets = (present.IPAM?.Config ?? []).Select(config => config.Subnet).ToList();
        foreach (var subnet in network.Subnets.Select(subnet => subnet.Subnet).OfType<string>().Where(subnet => !subnets.Contains(subnet)))
            Compare("subnet", string.Join(", ", subnets), subnet);
        return differences;

        void Compare(string what, string? now, string wanted)
        {
            if (now != wanted)
                differences.Add($"{what}: {now} -> {wanted}");
        }
    }

    private static string Text(bool value) => value ? "true" : "false";
}
