using System.Text;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Provision;

/// <summary>Reads an instance's SSH host key through AWS's API and stores it in the instance's tags, so that no key is trusted on first use.</summary>
internal sealed class HostKeyReader(Ec2Region region, TimeSpan timeout, CancellationToken cancellationToken)
{
    /// <summary>Instances that are not on the Nitro System update their console output only from time to time and reject a request for the latest.</summary>
    private static readonly string[] NoLatest = ["UnsupportedOperation", "InvalidParameterCombination", "InvalidParameterValue"];

    /// <summary>The key is printed some seconds after the instance runs, and needed only when its engine has been installed, so few calls are enough.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private bool latest = true;

    /// <summary>The fingerprint from the tags, else from the console output, which is then stored as a tag.</summary>
    /// <exception cref="SwarmOpsException"><c>HostKeyNotShown</c>; those of <see cref="Ec2Errors"/>.</exception>
    public async Task<string> ReadAsync(string node, Instance instance, Deadline deadline)
    {
        if (ClusterTags.Read(instance.Tags, ClusterTags.HostKey) is { } pinned)
            return pinned;
        var pauses = new Pauses(deadline, cancellationToken)
        {
            First = FirstPause,
            Longest = LongestPause,
            Growth = 1.5,
        };
        // One that was launched a while ago has printed it.
        if (DateTime.UtcNow - instance.LaunchTime?.ToUniversalTime() < TimeSpan.FromMinutes(1))
            await pauses.NextAsync().ConfigureAwait(false);
        do
        {
            if (ConsoleHostKey.Find(await ConsoleAsync(instance.InstanceId).ConfigureAwait(false)) is not { } found)
                continue;
            var pin = new CreateTagsRequest { Resources = [instance.InstanceId], Tags = [new Tag(ClusterTags.HostKey, found)] };
            await region.AskAsync(ec2 => ec2.CreateTagsAsync(pin, cancellationToken), cancellationToken).ConfigureAwait(false);
            return found;
        } while (await pauses.NextAsync().ConfigureAwait(false));
        throw ProvisionErrors.HostKeyNotShown(node, instance.InstanceId, timeout);
    }

    private async Task<string> ConsoleAsync(string instanceId)
    {
        try
        {
            return await AskAsync(instanceId).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (latest && NoLatest.Contains(Ec2Errors.CodeOf(error)))
        {
            latest = false;
            return await AskAsync(instanceId).ConfigureAwait(false);
        }
    }

    private async Task<string> AskAsync(string instanceId)
    {
        var ask = new GetConsoleOutputRequest { InstanceId = instanceId };
        if (latest)
            ask.Latest = true;
        var answer = await region
            .AskAsync(ec2 => ec2.GetConsoleOutputAsync(ask, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return Decode(answer.Output);
    }

    /// <summary>The API returns base64; output that cannot be decoded contains no key yet.</summary>
    private static string Decode(string? output)
    {
        var bytes = new byte[output?.Length ?? 0];
        return Convert.TryFromBase64String(output ?? "", bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }
}
