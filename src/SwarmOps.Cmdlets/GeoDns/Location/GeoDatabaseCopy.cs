using System.Globalization;
using SwarmOps.GeoDns.Definition;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.GeoDns.Location;

/// <summary>Copies a database to the hosts of the name servers. It takes the place of the old one by a rename, so that a server never reads a part; gdnsd then reads it by itself.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="zone">The zone.</param>
internal sealed class GeoDatabaseCopy(IOperationContext context, string zone)
{
    /// <summary>How much goes into one command: base64 of it is in memory, on this machine and in its transport.</summary>
    private const int ChunkSize = 3 * 1024 * 1024;

    private static readonly TimeSpan ChunkTime = TimeSpan.FromMinutes(5);

    private readonly string path = GeoDnsNames.Database(zone);

    /// <summary>Whether a host has the database already.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<bool> IsThereAsync(SwarmNode node, GeoDatabaseUse use)
    {
        var result = await RunAsync(node, $"sha256sum -- {ShellCommand.Quote(path)} 2>/dev/null || true", null).ConfigureAwait(false);
        return result.Output.StartsWith(use.Sha256, StringComparison.Ordinal);
    }

    /// <summary>Copies it.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDatabaseNotCopied</c>, the transport's errors.</exception>
    public async Task PutAsync(SwarmNode node, GeoDatabaseFile database)
    {
        var part = ShellCommand.Quote(path + ".new");
        await RequireAsync(node, $"mkdir -p -- {ShellCommand.Quote(GeoDnsNames.DatabasePath)} && : >{part}", null).ConfigureAwait(false);
        await using var file = File.OpenRead(database.Path);
        var buffer = new byte[ChunkSize];
        for (long sent = 0; ; )
        {
            var length = await file.ReadAtLeastAsync(buffer, ChunkSize, throwOnEndOfStream: false, context.CancellationToken)
                .ConfigureAwait(false);
            if (length == 0)
                break;
            await RequireAsync(node, $"base64 -d >>{part}", Convert.ToBase64String(buffer, 0, length)).ConfigureAwait(false);
            sent += length;
            context.WriteProgress(
                new OperationProgress(
                    1,
                    "Copying the database",
                    string.Create(CultureInfo.InvariantCulture, $"{node.Name}: {sent >> 20} of {file.Length >> 20} MB"),
                    (int)(100 * sent / file.Length)
                )
            );
        }

        await RequireAsync(
                node,
                $"[ \"$(sha256sum <{part})\" = '{database.Use.Sha256}  -' ] || {{ echo 'its content arrived damaged' >&2; exit 1; }}; chmod 0644 {part} && sync {part} && mv -f -- {part} {ShellCommand.Quote(path)}",
                null
            )
            .ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(1, "Copying the database", "Done", Completed: true));
        context.WriteVerbose($"{node.Name}: copied {database.Path} to {path}");
    }

    /// <summary>Deletes the copy.</summary>
    /// <exception cref="SwarmOpsException"><c>GeoDatabaseNotCopied</c>, the transport's errors.</exception>
    public Task RemoveAsync(SwarmNode node) =>
        RequireAsync(node, $"rm -f -- {ShellCommand.Quote(path)} {ShellCommand.Quote(path + ".new")}", null);

    private async Task RequireAsync(SwarmNode node, string script, string? input)
    {
        var result = await RunAsync(node, script, input).ConfigureAwait(false);
        if (!result.Succeeded)
            throw GeoDnsErrors.GeoDatabaseNotCopied(node.Name, result.Error.Trim().TrimEnd('.'));
    }

    private Task<CommandResult> RunAsync(SwarmNode node, string script, string? input) =>
        context
            .Connection(node)
            .RunAsync(
                new NodeCommand(script)
                {
                    Input = input,
                    AsRoot = true,
                    Timeout = ChunkTime,
                },
                context.CancellationToken
            );
}
