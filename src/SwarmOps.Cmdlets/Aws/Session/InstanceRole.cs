using System.Net.Sockets;
using Amazon.Runtime;

namespace SwarmOps.Aws.Session;

/// <summary>The role of the EC2 instance that this process runs on, if any.</summary>
internal static class InstanceRole
{
    /// <summary>Address of the instance metadata service, from AWS's documentation.</summary>
    private const string MetadataAddress = "http://169.254.169.254";

    /// <summary>Time limit: outside EC2 nothing answers at that address, and the SDK would try for half a minute.</summary>
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The role's credentials; null if no metadata service answers or its use is disabled.</summary>
    public static async Task<ResolvedCredentials?> FindAsync(AwsSettings settings, CancellationToken cancellationToken)
    {
        if (string.Equals(settings.Environment("AWS_EC2_METADATA_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
            return null;
        var address = settings.Environment("AWS_EC2_METADATA_SERVICE_ENDPOINT") is { Length: > 0 } other ? other : MetadataAddress;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !await AnswersAsync(uri, cancellationToken).ConfigureAwait(false))
            return null;
        try
        {
            // The constructor queries the service for the role's name and blocks.
            var role = await Task.Run(() => new InstanceProfileAWSCredentials(), cancellationToken)
                .WaitAsync(cancellationToken)
                .ConfigureAwait(false);
            return new ResolvedCredentials(role, "the instance's role");
        }
        catch (Exception exception)
            when (exception is AmazonClientException or InvalidOperationException or HttpRequestException or System.Net.WebException)
        {
            // The instance has no role.
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
        catch (Exception exception)
            when (exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
