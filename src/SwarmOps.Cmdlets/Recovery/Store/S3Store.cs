using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using SwarmOps.Aws.Session;

namespace SwarmOps.Recovery.Store;

/// <summary>A bucket of S3, or of a server that speaks its protocol, below a prefix. An object appears whole or not at all.</summary>
internal sealed class S3Store : IBackupStore
{
    private const string ChecksumKey = "sha256";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly AmazonS3Client client;
    private readonly S3Location location;

    private S3Store(S3Location location, AmazonS3Client client) => (this.location, this.client) = (location, client);

    public string Place => location.ToString();

    /// <summary>Opens a bucket with the credentials of the session, in the order of AWS.Tools.</summary>
    /// <exception cref="SwarmOpsException"><c>BackupDestinationInvalid</c>, those of <see cref="CredentialResolver.ResolveAsync"/>.</exception>
    public static async Task<S3Store> OpenAsync(
        S3Location location,
        AwsSettings settings,
        string? region,
        CancellationToken cancellationToken
    )
    {
        var credentials = await CredentialResolver.ResolveAsync(settings, cancellationToken).ConfigureAwait(false);
        var named = region ?? RegionResolver.Default(settings);
        if (named is null)
            throw RecoveryErrors.BackupDestinationInvalid(
                location.ToString(),
                "the bucket's region is not known: neither -BucketRegion, nor the session, the environment or the profile names one"
            );
        var config = new AmazonS3Config { RegionEndpoint = RegionEndpoint.GetBySystemName(named), ConnectTimeout = ConnectTimeout };
        config.AuthenticationRegion = named;
        if (settings.EndpointUrl is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            // Servers other than AWS have no name for each bucket.
            config.ForcePathStyle = true;
        }

        return new S3Store(location, new AmazonS3Client(credentials.Value, config));
    }

    public Task ProveAsync(CancellationToken cancellationToken) =>
        TryAsync(async () =>
        {
            var key = location.Key($".swarmops-{Guid.NewGuid():N}{BackupName.Partial}");
            await client
                .PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = location.Bucket,
                        Key = key,
                        ContentBody = "SwarmOps",
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            using (await client.GetObjectAsync(location.Bucket, key, cancellationToken).ConfigureAwait(false)) { }
            await client.DeleteObjectAsync(location.Bucket, key, cancellationToken).ConfigureAwait(false);
            return true;
        });

    public Task<IReadOnlyList<BackupName>> ListAsync(CancellationToken cancellationToken) =>
        TryAsync<IReadOnlyList<BackupName>>(async () =>
        {
            var names = new List<BackupName>();
            var request = new ListObjectsV2Request { BucketName = location.Bucket, Prefix = location.Key("") };
            while (true)
            {
                var page = await client.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
                names.AddRange(
                    (page.S3Objects ?? []).Select(found => BackupName.TryParse(found.Key[request.Prefix.Length..])).OfType<BackupName>()
                );
                if (page.IsTruncated is not true)
                    return names;
                request.ContinuationToken = page.NextContinuationToken;
            }
        });

    public Task<string> PutAsync(BackupName name, string file, string sha256, CancellationToken cancellationToken) =>
        TryAsync(async () =>
        {
            var request = new TransferUtilityUploadRequest
            {
                BucketName = location.Bucket,
                Key = location.Key(name.ToString()),
                FilePath = file,
                ContentType = "application/octet-stream",
            };
            request.Metadata.Add(ChecksumKey, sha256);
            // In parts where it is large: a single upload ends at 5 GB.
            using var transfer = new TransferUtility(client);
            await transfer.UploadAsync(request, cancellationToken).ConfigureAwait(false);
            return location.UrlOf(name.ToString());
        });

    public Task<Stream> OpenAsync(string name, CancellationToken cancellationToken) =>
        TryAsync(async () =>
        {
            try
            {
                var answer = await client.GetObjectAsync(location.Bucket, location.Key(name), cancellationToken).ConfigureAwait(false);
                return answer.ResponseStream;
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
            {
                throw RecoveryErrors.BackupNotFound(location.UrlOf(name));
            }
        });

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        TryAsync(async () =>
        {
            await client.DeleteObjectAsync(location.Bucket, location.Key(name), cancellationToken).ConfigureAwait(false);
            return true;
        });

    public void Dispose() => client.Dispose();

    private async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw RecoveryErrors.BackupDestinationUnusable(Place, exception.Message, exception);
        }
    }
}
