using System.Globalization;
using System.Net;
using Docker.DotNet;
using SwarmOps.Services.Specification;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Planning;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Stacks.Deploying;

/// <summary>Creates and removes the secrets and configs of a stack.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="names">The names of the stack.</param>
internal sealed class StackStore(SwarmSession swarm, StackNames names)
{
    /// <summary>Creates a version.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="SwarmOpsException"><c>StackStoredRefused</c>, the transport's errors.</exception>
    public async Task<string> CreateAsync(StoredStep step)
    {
        var body = new StackObjectSpec(names).File(step.File, step.Name);
        var labels = body.Child("Labels");
        // With these, Get-SwarmSecret and New-SwarmService know the versions of one name.
        labels[StoredItem.NameLabel] = step.BaseName;
        labels[StoredItem.VersionLabel] = step.Version.ToString(CultureInfo.InvariantCulture);
        try
        {
            var answer = await swarm.AskAsync((api, token) => api.PostAsync(step.Kind.Path + "/create", body, token)).ConfigureAwait(false);
            return (string?)answer?["ID"] ?? throw StackErrors.StackStoredRefused(step.Kind, step.Name, "it returned no id", null);
        }
        catch (SwarmOpsException error)
            when (error.InnerException is DockerApiException { StatusCode: not HttpStatusCode.ServiceUnavailable } api)
        {
            // An earlier attempt may have created it, whose answer was lost: the name tells the content.
            var present = (await StackState.StoredAsync(swarm, step.Kind).ConfigureAwait(false)).FirstOrDefault(item =>
                item.ObjectName == step.Name && StackState.StackOf(item.Labels) == names.Stack
            );
            return api.StatusCode == HttpStatusCode.Conflict && present is not null
                ? present.Id
                : throw StackErrors.StackStoredRefused(step.Kind, step.Name, TransportErrors.MessageOf(api), error);
        }
    }

    /// <summary>Removes a version that no service uses; one that is in use stays, and is named in a warning.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RemoveAsync(StoredItem item)
    {
        try
        {
            await StoredItems.RemoveAsync(swarm, item).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(StoredErrors.StoredInUse))
        {
            swarm.Context.WriteWarning($"{error.Message} It was kept; the next Publish-SwarmStack removes it once nothing uses it.");
        }
    }
}
