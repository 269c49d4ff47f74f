using System.Text.RegularExpressions;

namespace SwarmOps.Transport;

/// <summary>
/// The flags of <c>/swarm/update</c> as the Engine API names them. Docker.DotNet (4.3.3) sends <c>rotateworkertoken</c>, an engine reads <c>rotateWorkerToken</c> only, and a flag
/// that it does not know is ignored: it answers that all is done, and nothing was replaced.
/// </summary>
internal static partial class RotationFlags
{
    private static readonly string[] Names = ["rotateWorkerToken", "rotateManagerToken", "rotateManagerUnlockKey"];

    /// <summary>Puts the names right, in the address of a request.</summary>
    public static void Correct(HttpRequestMessage request)
    {
        if (
            request.RequestUri is { IsAbsoluteUri: true, Query: { Length: > 0 } query } address
            && address.AbsolutePath.EndsWith("swarm/update", StringComparison.Ordinal)
        )
            request.RequestUri = new UriBuilder(address)
            {
                Query = Flag()
                    .Replace(query, match => Names.First(name => string.Equals(name, match.Value, StringComparison.OrdinalIgnoreCase))),
            }.Uri;
    }

    [GeneratedRegex("(?<=[?&])rotate(?:workertoken|managertoken|managerunlockkey)(?==)", RegexOptions.IgnoreCase)]
    private static partial Regex Flag();
}
