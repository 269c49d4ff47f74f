using System.Globalization;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>What is done on a node's host: read its state, patch, run a script, reboot.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="node">The node.</param>
internal sealed class MaintainedHost(IOperationContext context, SwarmNode node)
{
    internal const string Facts = """
        echo "boot $(cat /proc/sys/kernel/random/boot_id)"
        if command -v apt-get >/dev/null 2>&1; then
            echo 'apt yes'
            # An apt that fails lists nothing, which is not the same as nothing to install.
            if waiting=$(LC_ALL=C apt-get -s -o Debug::NoLocking=true --with-new-pkgs upgrade 2>/dev/null); then
                echo "updates $(printf '%s\n' "$waiting" | grep -c '^Inst ')"
            fi
        fi
        newest=$(ls -1 /boot/vmlinuz-* 2>/dev/null | sed 's,.*/vmlinuz-,,' | sort -V | tail -n 1)
        running=$(uname -r)
        if [ -e /run/reboot-required ]; then
            echo 'reboot /run/reboot-required exists'
        elif [ -n "$newest" ] && [ "$newest" != "$running" ]; then
            echo "reboot kernel $newest is installed and $running runs"
        elif command -v needrestart >/dev/null 2>&1 && needrestart -b -k 2>/dev/null | grep -q '^NEEDRESTART-KSTA: [23]'; then
            echo 'reboot needrestart asks for it'
        fi
        true
        """;

    private const string RefreshScript = """
        export DEBIAN_FRONTEND=noninteractive
        apt-get -q -o DPkg::Lock::Timeout=600 update
        """;

    // In a session of its own: an upgrade that loses its connection goes on, and the next run waits for its lock.
    private const string PatchScript = """
        log=/var/log/swarmops-maintenance.log
        export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a
        if setsid -w sh -c 'dpkg --configure -a && apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold --with-new-pkgs upgrade' >"$log" 2>&1 </dev/null; then
            exit 0
        fi
        tail -n 20 "$log" >&2
        exit 1
        """;

    private const string RebootScript = "setsid sh -c 'sleep 1; systemctl reboot || reboot' >/dev/null 2>&1 </dev/null & echo begun";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private INodeConnection Connection => context.Connection(node);

    /// <summary>Reads its state.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<HostState> ReadAsync()
    {
        var said = await Connection
            .RunCheckedAsync(
                "reading what the host needs",
                new NodeCommand(Facts) { AsRoot = true, Timeout = TimeSpan.FromMinutes(3) },
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return HostState.Parse(said);
    }

    /// <summary>Fetches the lists of its package sources.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task RefreshAsync(TimeSpan limit) => RunAsync("reading its package sources", RefreshScript, limit);

    /// <summary>Installs what waits. Settings that an administrator changed are kept.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task PatchAsync(TimeSpan limit) => RunAsync("installing updates", PatchScript, limit);

    /// <summary>Runs the user's script.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task RunScriptAsync(string script, TimeSpan limit) => RunAsync("running the script", script, limit);

    /// <summary>Reboots it and waits until it runs again.</summary>
    /// <param name="bootId">The boot that it is in.</param>
    /// <param name="limit">The time limit.</param>
    /// <exception cref="SwarmOpsException"><c>HostDidNotReboot</c>, the transport's errors.</exception>
    public async Task RebootAsync(string bootId, TimeSpan limit)
    {
        await RunAsync("rebooting", RebootScript, TimeSpan.FromSeconds(30)).ConfigureAwait(false);
        var deadline = Deadline.In(limit);
        var last = "it has not gone down";
        while (deadline.LeavesTimeFor(Pause))
        {
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
            await Connection.ResetAsync().ConfigureAwait(false);
            try
            {
                if ((await ReadAsync().ConfigureAwait(false)).BootId != bootId)
                    return;
            }
            catch (SwarmOpsException error)
            {
                last = error.Message.TrimEnd('.');
            }
        }

        throw MaintenanceErrors.HostDidNotReboot(node, last, limit);
    }

    private Task<string> RunAsync(string what, string script, TimeSpan limit) =>
        Connection.RunCheckedAsync(what, new NodeCommand(script) { AsRoot = true, Timeout = limit }, context.CancellationToken);
}

/// <summary>The state of a host, as far as its maintenance is concerned.</summary>
/// <param name="BootId">The kernel's id of this boot.</param>
/// <param name="HasApt">Whether its packages are Debian's.</param>
/// <param name="Updates">How many updates wait; null when that could not be read, as while a package is half installed.</param>
/// <param name="RebootReason">Why it must be rebooted; null when it need not be.</param>
internal sealed record HostState(string BootId, bool HasApt, int? Updates, string? RebootReason)
{
    /// <summary>Reads the script's output.</summary>
    public static HostState Parse(string output)
    {
        var lines = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .Where(words => words.Length == 2)
            .ToLookup(words => words[0], words => words[1].Trim());
        return new HostState(
            lines["boot"].FirstOrDefault() ?? "",
            lines["apt"].Any(),
            int.TryParse(lines["updates"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null,
            lines["reboot"].FirstOrDefault()
        );
    }
}
