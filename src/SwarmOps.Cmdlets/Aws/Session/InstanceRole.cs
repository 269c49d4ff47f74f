using System.Net.Sockets;
using Amazon.Runtime;

namespace SwarmOps.Aws;

/// <summary>The role of the EC2 instance on which this runs, if it runs on one.</summary>
internal static class InstanceRole
{
    /// <summary>Where the instance metadata service is, by AWS's documentation.</summary>
    private const string MetadataAddress = "http://169.254.169.254";

    /// <summary>Off EC2 nothing answers at that address, and the SDK would try for half a minute.</summary>
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The role's credentials; null where no metadata service answers or its use is turned off.</summary>
    public static async Task<ResolvedCredentials?> FindAsync(AwsSettings settings, CancellationToken cancellationToken)
    {
        if (string.Equals(settings.Environment("AWS_EC2_METADATA_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
            return null;
        var address = settings.Environment("AWS_EC2_METADATA_SERVICE_ENDPOINT") is { Length: > 0 } other ? other : MetadataAddress;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !await AnswersAsync(uri, cancellationToken).ConfigureAwait(false))
            return null;
        try
        {
            // The constructor asks the service for the role's name, and blocks.
            var role = await Task.Run(() => new InstanceProfileAWSCredentials(), cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            return new ResolvedCredentials(role, "the instance's role");
        }
        catch (Exception exception) when (exception is AmazonClientException or InvalidOperationException or HttpRequestException or System.Net.WebException)
        {
            // An instance without a role.
            return null;
        }
    }

    private static async Task<bool> AnswersAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var probe = new TcpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ProbeTimeout);
        try
        {
            await probe.ConnectAsync(uri.Host, uri.Port, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
