using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SwarmOps.Services.Registry;

/// <summary>
/// A program that keeps or makes credentials, such as <c>docker-credential-ecr-login</c> (protocol: github.com/docker/docker-credential-helpers):
/// it reads the registry's name and writes JSON. Its output never goes into an error message, as it may be the password.
/// </summary>
internal static class CredentialHelper
{
    /// <summary>What helpers write when they have no credential.</summary>
    private const string NotFound = "credentials not found";

    /// <summary>The user name that marks the secret as an identity token.</summary>
    private const string TokenUser = "<token>";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Runs a helper.</summary>
    /// <param name="name">Its name without <c>docker-credential-</c>.</param>
    /// <param name="registry">The registry.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The credential; null if the helper has none.</returns>
    /// <exception cref="SwarmOpsException"><c>CredentialHelperFailed</c>.</exception>
    public static async Task<RegistryCredential?> GetAsync(string name, string registry, CancellationToken cancellationToken)
    {
        var program = $"docker-credential-{name}";
        if (name.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.')))
            throw ServiceErrors.CredentialHelperFailed(program, "this is not a valid program name");
        var (exitCode, output) = await RunAsync(program, registry, cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
            return output.Contains(NotFound, StringComparison.OrdinalIgnoreCase)
                ? null
                : throw ServiceErrors.CredentialHelperFailed(program, $"the program failed with exit code {exitCode}");
        return Parse(output, registry)
            ?? throw ServiceErrors.CredentialHelperFailed(program, "its output contains no user name and secret");
    }

    private static RegistryCredential? Parse(string output, string registry)
    {
        try
        {
            if (
                JsonNode.Parse(output) is not JsonObject answer
                || (string?)answer["Username"] is not { Length: > 0 } user
                || (string?)answer["Secret"] is not { Length: > 0 } secret
            )
                return null;
            return user == TokenUser
                ? new RegistryCredential(registry, null, null, secret)
                : new RegistryCredential(registry, user, secret, null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, string registry, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, ["get"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var rest = process.StandardError.ReadToEndAsync(limit.Token);
            await WriteAsync(process, registry).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            await rest.ConfigureAwait(false);
            return (process.ExitCode, await output.ConfigureAwait(false));
        }
        catch (Win32Exception)
        {
            throw ServiceErrors.CredentialHelperFailed(program, "the program is not on PATH");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw ServiceErrors.CredentialHelperFailed(program, $"it did not answer within {Limit.TotalSeconds:0} s");
        }
    }

    private static async Task WriteAsync(Process process, string registry)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(registry).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program exited without reading its input; the exit code says why.
        }
    }
}
