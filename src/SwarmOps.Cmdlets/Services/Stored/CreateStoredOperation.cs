using SwarmOps.Pipeline;
using SwarmOps.Swarm;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>Makes a secret or config unless it is there.</summary>
/// <param name="context">The stage that asks.</param>
/// <param name="kind">Secret or config.</param>
/// <param name="throttleLimit">How many nodes are asked at the same time.</param>
internal sealed class CreateStoredOperation(IOperationContext context, StoredKind kind, int throttleLimit)
{
    /// <summary>Whether the value is made here: then what exists is right whatever its value.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>Gives the value that is to be used for one that was made; null: that one itself.</summary>
    public Func<byte[], Task<byte[]>>? Exchange { get; init; }

    /// <summary>Runs it and emits the item.</summary>
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
                context.WriteWarning($"The secret '{present.Name}' exists already. No engine shows a secret's value, so the vault was not asked; Update-SwarmSecret gives both a new one.");
            if (!IsGenerated)
                context.WriteWarning($"The secret '{present.Name}' exists already. No engine shows a secret's value, so whether it is this one is not known; Update-SwarmSecret gives it this one.");
            if (differences.Count > 0)
                context.WriteWarning($"The secret '{present.Name}' exists already with other labels: {string.Join("; ", differences)}. It was left as it is.");
            return;
        }

        if (!present.Data.AsSpan().SequenceEqual(value))
            differences.Insert(0, $"its content ({present.Data.Length} bytes, wanted {value.Length})");
        if (differences.Count > 0)
            throw StoredErrors.ConfigDiffers(present.Name, differences);
    }
}
