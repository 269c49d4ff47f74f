using System.Globalization;
using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Signing;
using SwarmOps.Aws.Api;

namespace SwarmOps.Aws.Dns.Api;

/// <summary>
/// Sends requests to Route 53, signed by the SDK's own signer. The few calls that are needed are in <see cref="Route53"/>; the package AWSSDK.Route53 could replace both.
/// </summary>
/// <param name="credentials">The credentials.</param>
/// <param name="endpoint">The endpoint.</param>
/// <param name="calls">Counts the calls.</param>
internal sealed class Route53Client(AWSCredentials credentials, Route53Endpoint endpoint, AwsCallLog calls) : IDisposable
{
    /// <summary>The namespace of requests and answers, whose last part is the version in each path.</summary>
    public static readonly XNamespace Namespace = "https://route53.amazonaws.com/doc/2013-04-01/";

    private const string Version = "2013-04-01";

    /// <summary>Attempts of a call; the last pause is 8 s.</summary>
    private const int Attempts = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient http = Create(credentials, endpoint);

    /// <summary>Makes a call. One that Route 53 throttled has had no effect and is repeated; after a lost answer only one that may be made twice is.</summary>
    /// <param name="action">Its name in IAM.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path after the version, and the query.</param>
    /// <param name="body">The request; null for none.</param>
    /// <param name="isRepeatable">Whether making it twice does no harm.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The answer; null when it is empty.</returns>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>.</exception>
    public async Task<XElement?> AskAsync(
        string action,
        HttpMethod method,
        string path,
        XElement? body,
        bool isRepeatable,
        CancellationToken cancellationToken
    )
    {
        calls.Count(endpoint.Region.SystemName, $"route53:{action}");
        for (var attempt = 1; ; attempt++)
        {
            SwarmOpsException error;
            bool mayRepeat;
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(endpoint.Address, $"/{Version}/{path}"));
                if (body is not null)
                    request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToString(SaveOptions.DisableFormatting)))
                    {
                        Headers = { { "Content-Type", "text/xml" } },
                    };
                using var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                var text = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode)
                    return Parse(text);
                var (code, message) = Refusal(answer.StatusCode, text);
                error = Route53Errors.From(code, message);
                mayRepeat = Route53Errors.IsThrottling(code) || (isRepeatable && answer.StatusCode >= HttpStatusCode.InternalServerError);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not SwarmOpsException)
            {
                error = Route53Errors.From(exception);
                mayRepeat = isRepeatable && exception is HttpRequestException or OperationCanceledException;
            }

            if (!mayRepeat || attempt == Attempts)
                throw error;
            if (error.ErrorId == nameof(Route53Errors.Route53Throttled))
                calls.Throttle(endpoint.Region.SystemName);
            var pause = FirstPause * Math.Pow(2, attempt - 1) * (0.5 + Random.Shared.NextDouble() / 2);
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static HttpClient Create(AWSCredentials credentials, Route53Endpoint endpoint)
    {
        var parameters = new AWSSigV4Parameters
        {
            Credentials = credentials,
            Region = endpoint.Region,
            Service = "route53",
        };
        // A redirected request would go out with a signature for another address.
        var transport = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) };
        return new HttpClient(new SigV4SigningHandler(parameters, transport)) { Timeout = TimeSpan.FromSeconds(60) };
    }

    private static XElement? Parse(string text) => string.IsNullOrWhiteSpace(text) ? null : XElement.Parse(text);

    /// <summary>Code and text of a refusal. Change batches have a form of their own: no code, and a message for each change.</summary>
    private static (string Code, string Message) Refusal(HttpStatusCode status, string text)
    {
        try
        {
            var root = XElement.Parse(text);
            var messages = Named(root, "Message").Select(element => element.Value.Trim());
            return (Named(root, "Code").FirstOrDefault()?.Value ?? root.Name.LocalName, string.Join(" ", messages));
        }
        catch (XmlException)
        {
            return (((int)status).ToString(CultureInfo.InvariantCulture), text.Length > 200 ? text[..200] : text);
        }
    }

    private static IEnumerable<XElement> Named(XElement root, string name) =>
        root.Descendants().Where(element => element.Name.LocalName == name);
}
