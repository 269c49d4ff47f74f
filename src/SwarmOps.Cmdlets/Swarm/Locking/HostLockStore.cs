using SwarmOps.Transport;

namespace SwarmOps.Swarm.Locking;

/// <summary>
/// A lock on a host's own disk, for hosts that are in no swarm yet. It is stored where any user of the host can write and nothing outlives a restart; flock(1) makes each step of
/// its script atomic.
/// </summary>
/// <param name="connection">The host.</param>
internal sealed class HostLockStore(INodeConnection connection) : ILockStore
{
    private const string Taken = "taken";
    private const string Held = "held";

    /// <summary>The directory is for all users; a symbolic link in its place is not followed.</summary>
    private const string Prologue = """
        command -v flock >/dev/null || exit 69
        base=/run/lock; [ -d "$base" ] && [ -k "$base" ] || base=/tmp
        dir=$base/swarmops.lock
        mkdir -m 777 "$dir" 2>/dev/null
        [ -d "$dir" ] && [ ! -L "$dir" ] || { echo "$dir is no directory" >&2; exit 1; }
        umask 0
        exec 9>>"$dir/guard" || exit 1
        flock -w 20 9 || { echo "another program holds $dir/guard" >&2; exit 1; }
        cd "$dir" || exit 1
        own() { [ "$(sed -n 's/^swarmops.lock.token=//p' holder 2>/dev/null)" = "$token" ]; }
        put() { cat >"new.$token" && mv -f "new.$token" holder; }
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    private const int NoFlock = 69;

    private int beat;

    /// <summary>Whether the host can hold a lock: a TCP endpoint gives no access to its disk, and a host without flock(1) is not a Linux host.</summary>
    public bool IsAble { get; private set; } = true;

    public string Place => $"'{connection.Node.Name}'";

    public string ByHand =>
        $"rm /run/lock/swarmops.lock/holder on '{connection.Node.Name}' (/tmp/swarmops.lock/holder where only root can write to /run/lock)";

    public async Task<LockSight?> TryTakeAsync(LockHolder holder, LockSight? stale, CancellationToken cancellationToken)
    {
        var script = $$"""
            {{Head(holder)}}
            if [ ! -e holder ] || own || [ "$(cksum <holder)" = {{ShellCommand.Quote(
                stale?.Fingerprint ?? ""
            )}} ]; then put && echo {{Taken}}; else echo {{Held}}; cksum <holder; cat holder; fi
            """;
        var said = await RunAsync("taking the lock", script, Text(holder), cancellationToken).ConfigureAwait(false);
        var lines = said.Split('\n', StringSplitOptions.TrimEntries);
        if (lines[0] == Taken || !IsAble)
            return null;
        return new LockSight(lines.ElementAtOrDefault(1) ?? "", LockHolder.Parse(Labels(lines.Skip(2))));
    }

    public async Task<string?> RenewAsync(LockHolder holder, CancellationToken cancellationToken)
    {
        beat++;
        var script = $$"""
            {{Head(holder)}}
            if own; then put && echo {{Taken}}; else echo {{Held}}; cat holder 2>/dev/null; true; fi
            """;
        var said = await RunAsync("renewing the lock", script, Text(holder), cancellationToken).ConfigureAwait(false);
        var lines = said.Split('\n', StringSplitOptions.TrimEntries);
        if (lines[0] == Taken || !IsAble)
            return null;
        return LockHolder.Parse(Labels(lines.Skip(1))) is { } other ? $"it is now held by {other}" : "it was removed";
    }

    public Task ReleaseAsync(LockHolder holder, CancellationToken cancellationToken) =>
        RunAsync(
            "releasing the lock",
            $$"""
            {{Head(holder)}}
            if own; then rm -f holder; fi
            """,
            null,
            cancellationToken
        );

    private static string Head(LockHolder holder) => $"token={holder.Token}\n{Prologue}";

    private string Text(LockHolder holder) =>
        string.Concat(holder.ToLabels(beat).Select(label => $"{label.Key}={label.Value.ReplaceLineEndings(" ")}\n"));

    private static Dictionary<string, string> Labels(IEnumerable<string> lines) =>
        lines
            .Select(line => line.Split('=', 2))
            .Where(parts => parts.Length == 2)
            .DistinctBy(parts => parts[0])
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    private async Task<string> RunAsync(string what, string script, string? input, CancellationToken cancellationToken)
    {
        if (!IsAble)
            return "";
        try
        {
            var result = await connection
                .RunAsync(
                    new NodeCommand(script)
                    {
                        Input = input,
                        IsInputPublic = true,
                        Timeout = Limit,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            IsAble = result.ExitCode != NoFlock;
            return result.Succeeded || !IsAble ? result.Output : throw TransportErrors.CommandFailed(connection.Node, what, result);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(TransportErrors.CommandsNotSupported))
        {
            IsAble = false;
            return "";
        }
    }
}
