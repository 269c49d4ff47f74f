using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Signing;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Session;

namespace SwarmOps.Aws.Registry;

/// <summary>
/// The one call of Amazon ECR that is needed, GetAuthorizationToken, signed by the SDK's own signer; the package AWSSDK.ECR could replace it.
/// </summary>
/// <param name="settings">The session's settings.</param>
/// <param name="credentials">The credentials.</param>
/// <param name="calls">Counts the calls.</param>
internal sealed class EcrClient(AwsSettings settings, AWSCredentials credentials, AwsCallLog calls)
{
    private const int Attempts = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>A token for the registries of a region that the credentials may pull from, those of other accounts included.</summary>
    /// <param name="host">The registry.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="EcrErrors"/>.</exception>
    public async Task<EcrToken> TokenAsync(EcrHost host, CancellationToken cancellationToken)
    {
        var address = SpecifiedEndpoint.Of(settings, "ECR") ?? new Uri($"https://{host.Api}/");
        using var http = Create(host);
        calls.Count(host.Region, "ecr:GetAuthorizationToken");
        for (var attempt = 1; ; attempt++)
        {
            SwarmOpsException error;
            bool mayRepeat;
            try
            {
                using var request = Request(address);
                using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                var text = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode)
                    return Parse(text);
                var (code, message) = Refusal(answer.StatusCode, text);
                error = EcrErrors.From(code, message);
                mayRepeat = answer.StatusCode >= HttpStatusCode.InternalServerError || code.Contains("Throttl", StringComparison.Ordinal);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not SwarmOpsException)
            {
                error = EcrErrors.From(exception, address.Host);
                mayRepeat = exception is HttpRequestException or OperationCanceledException;
            }

            if (!mayRepeat || attempt == Attempts)
                throw error;
            await Task.Delay(FirstPause * Math.Pow(2, attempt - 1) * (0.5 + Random.Shared.NextDouble() / 2), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private HttpClient Create(EcrHost host)
    {
        var parameters = new AWSSigV4Parameters
        {
            Credentials = credentials,
            Region = RegionEndpoint.GetBySystemName(host.Region),
            Service = "ecr",
        };
        // A redirected request would go out with a signature for another address.
        var transport = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) };
        return new HttpClient(new SigV4SigningHandler(parameters, transport)) { Timeout = Limit };
    }

    private static HttpRequestMessage Request(Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ByteArrayContent("{}"u8.ToArray())
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1") },
            },
        };
        request.Headers.Add("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken");
        return request;
    }

    /// <summary>The token is base64 of user and password.</summary>
    private static EcrToken Parse(string text)
    {
        try
        {
            var data = JsonNode.Parse(text)?["authorizationData"]?[0];
            return
                Encoding.UTF8.GetString(Convert.FromBase64String((string?)data?["authorizationToken"] ?? "")).Split(':', 2)
                    is [var user, { Length: > 0 } password]
                && (double?)data?["expiresAt"] is { } expires
                ? new EcrToken(user, password, DateTime.UnixEpoch.AddSeconds(expires))
                : throw EcrErrors.From("200", "the answer contains no token.");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            throw EcrErrors.From("200", "the answer contains no token.");
        }
    }

    private static (string Code, string Message) Refusal(HttpStatusCode status, string text)
    {
        try
        {
            var answer = JsonNode.Parse(text);
            var type = ((string?)answer?["__type"])?.Split('#')[^1];
            return (type ?? $"{(int)status}", (string?)answer?["message"] ?? (string?)answer?["Message"] ?? "");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return ($"{(int)status}", text.Length > 200 ? text[..200] : text);
        }
    }
}
