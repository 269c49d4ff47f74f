using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>Creates a secret or config if it does not exist.</summary>
internal sealed class CreateStoredOperation(IOperationContext context, CreateStoredRequest request)
{
    /// <summary>Runs the operation and writes the item to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="StoredErrors"/>, <see cref="SwarmSession"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var (nodes, kind, name, value) = request;
        StoredRules.CheckName(kind, name);
        StoredRules.CheckLabels(request.Labels);
        StoredRules.CheckSize(kind, name, value.Length);
        var swarm = await SwarmSession.OpenAsync(context, nodes, request.ThrottleLimit).ConfigureAwait(false);
        if (
            await StoredItems
                .EnsureAsync(
                    context,
                    swarm.View,
                    kind,
                    name,
                    request.Labels,
                    () => request.Exchange?.Invoke(value) ?? Task.FromResult(value)
                )
                .ConfigureAwait(false)
            is not { } ensured
        )
            return;
        if (!ensured.IsNew)
            Compare(ensured.Item);
        var users = await StoredItems.UsersAsync(swarm.View.Manager, kind, context.CancellationToken).ConfigureAwait(false);
        context.WriteObject(
            ensured.Item.Describe(swarm.View.SwarmId, [.. users[ensured.Item.Id]], [.. swarm.Observations.Select(swarm.Describe)])
        );
    }

    private void Compare(StoredItem present)
    {
        var differences = request
            .Labels.Where(label => !present.Labels.TryGetValue(label.Key, out var has) || has != label.Value)
            .Select(label => $"label {label.Key}: wanted '{label.Value}', is '{present.Labels.GetValueOrDefault(label.Key, "")}'")
            .ToList();
        if (request.Kind.IsSecret)
        {
            if (request.Exchange is not null)
                context.WriteWarning(
                    $"The secret '{present.Name}' already exists. Engines do not return the value of a secret, so nothing was stored in the vault; to set a new value in both, use Update-SwarmSecret."
                );
            if (!request.IsGenerated)
                context.WriteWarning(
                    $"The secret '{present.Name}' already exists. Engines do not return the value of a secret, so it may differ from the specified one; to set the specified value, use Update-SwarmSecret."
                );
            if (differences.Count > 0)
                context.WriteWarning(
                    $"The secret '{present.Name}' already exists with other labels: {string.Join("; ", differences)}. It was not changed."
                );
            return;
        }

        if (!present.Data.AsSpan().SequenceEqual(request.Value))
            differences.Insert(0, $"its content ({present.Data.Length} bytes, wanted {request.Value.Length})");
        if (differences.Count > 0)
            throw StoredErrors.ConfigDiffers(present.Name, differences);
    }
}
