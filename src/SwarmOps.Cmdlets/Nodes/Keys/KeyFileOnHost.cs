using System.Security.Cryptography;
using System.Text;
using SwarmOps.Transport;

namespace SwarmOps.Nodes.Keys;

/// <summary>The file <c>~/.ssh/authorized_keys</c> of a node's SSH user.</summary>
internal static class KeyFileOnHost
{
    private const int Missing = 4;

    private const int Changed = 5;

    /// <summary>Reads it.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<AuthorizedKeys?> ReadAsync(INodeConnection connection, CancellationToken cancellationToken)
    {
        var command = new NodeCommand($"[ -f \"$HOME/.ssh/authorized_keys\" ] || exit {Missing}; cat \"$HOME/.ssh/authorized_keys\"");
        var read = await connection.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return read.ExitCode == Missing ? null
            : read.Succeeded ? new AuthorizedKeys(read.Output)
            : throw TransportErrors.CommandFailed(connection.Node, "reading authorized_keys", read);
    }

    /// <summary>Replaces it in one step, if it still is what was read; the file before is kept as <c>authorized_keys.swarmops</c>.</summary>
    /// <exception cref="SwarmOpsException"><c>NodeKeyFileChanged</c>, the transport's errors.</exception>
    public static async Task ReplaceAsync(
        INodeConnection connection,
        AuthorizedKeys before,
        AuthorizedKeys after,
        CancellationToken cancellationToken
    )
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(before.Text))).ToLowerInvariant();
        var command = new NodeCommand(
            $$"""
            umask 077
            file=$(readlink -f "$HOME/.ssh/authorized_keys") || exit 1
            [ "$(sha256sum < "$file" | cut -d ' ' -f 1)" = {{hash}} ] || exit {{Changed}}
            new=$(mktemp "$file.XXXXXX") || exit 1
            cp -p "$file" "$file.swarmops" && cat > "$new" && chmod "$(stat -c %a "$file")" "$new" && sync "$new" && mv "$new" "$file" && exit 0
            rm -f "$new"
            exit 1
            """.ReplaceLineEndings("\n")
        )
        {
            Input = after.Text,
        };
        var written = await connection.RunAsync(command, cancellationToken).ConfigureAwait(false);
        if (written.ExitCode == Changed)
            throw NodeKeyErrors.NodeKeyFileChanged(connection.Node);
        if (!written.Succeeded)
            throw TransportErrors.CommandFailed(connection.Node, "writing authorized_keys", written);
    }
}
