using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>Creates a secret or config if it does not exist.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="kind">Secret or config.</param>
/// <param name="throttleLimit">How many nodes are contacted at the same time.</param>
internal sealed class CreateStoredOperation(IOperationContext context, StoredKind kind, int throttleLimit)
{
    /// <summary>Whether the value is generated: then an existing secret is accepted whatever its value.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>Returns the value to use in place of the generated one; null to use the generated value.</summary>
    public Func<byte[], Task<byte[]>>? Exchange { get; init; }

    /// <summary>Runs the operation and writes the item to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="StoredErrors"/>, <see cref="SwarmSession"/> and the transport.</exception>
    public async Task RunAsync(IReadOnlyList<SwarmNode> nodes, string name, IReadOnlyDictionary<string, string> labels, byte[] value)
    {
        StoredRules.CheckName(kind, name);
        StoredRules.CheckLabels(labels);
        StoredRules.CheckSize(kind, name, value.Length);
        var swarm = await SwarmSession.OpenAsync(context, nodes, throttleLimit).ConfigureAwait(false);
        if (await StoredItems.EnsureAsync(context, swarm.View, kind, name, labels, () => Exchange?.Invoke(value) ?? Task.FromResult(value)).ConfigureAwait(false) is not { } ensured)
            return;
        if (!ensured.IsNew)
            Compare(ensured.Item, labels, value);
        var users = await StoredItems.UsersAsync(swarm.View.Manager, kind, context.CancellationToken).ConfigureAwait(false);
        context.WriteObject(ensured.Item.Describe(swarm.View.SwarmId, [.. users[ensured.Item.Id]], [.. swarm.Observations.Select(swarm.Describe)]));
    }

    private void Compare(StoredItem present, IReadOnlyDictionary<string, string> labels, byte[] value)
    {
        var differences = labels
            .Where(label => !present.Labels.TryGetValue(label.Key, out var has) || has != label.Value)
            .Select(label => $"label {label.Key}: wanted '{label.Value}', is '{present.Labels.GetValueOrDefault(label.Key, "")}'")
            .ToList();
        if (kind.IsSecret)
        {
            if (Exchange is not null)
                context.WriteWarning($"The secret '{present.Name}' already exists. Engines do not return the value of a secret, so nothing was stored in the vault; to set a new value in both, use Update-SwarmSecret.");
            if (!IsGenerated)
                context.WriteWarning($"The secret '{present.Name}' already exists. Engines do not return the value of a secret, so it may differ from the specified one; to set the specified value, use Update-SwarmSecret.");
            if (differences.Count > 0)
                context.WriteWarning($"The secret '{present.Name}' already exists with other labels: {string.Join("; ", differences)}. It was not changed.");
            return;
        }

        if (!present.Data.AsSpan().SequenceEqual(value))
            differences.Insert(0, $"its content ({present.Data.Length} bytes, wanted {value.Length})");
        if (differences.Count > 0)
            throw StoredErrors.ConfigDiffers(present.Name, differences);
    }
}
