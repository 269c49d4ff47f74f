using System.Globalization;
using System.Text;
using SwarmOps.Nodes.Installation;
using SwarmOps.Transport;

namespace SwarmOps.Aws.Provision;

/// <summary>
/// The shell script that a new instance runs at its first boot, supported by every version of cloud-init. It contains no secrets, because user data can be read by every process
/// on the instance and by everyone who may describe it.
/// </summary>
internal static class UserData
{
    /// <summary>How long the script waits for apt's sources, because the Elastic IP address is associated only after the instance has started.</summary>
    private const int NetworkSeconds = 300;

    /// <summary>How long to wait for apt's locks.</summary>
    private static readonly TimeSpan AptTimeout = TimeSpan.FromMinutes(10);

    /// <summary>Prints the fingerprints first, before the long part. Has no effect without a console.</summary>
    private const string Fingerprints = """
        {
            echo
            echo '@BEGIN@'
            for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -l -f "$key"; done
            echo '@END@'
        } >/dev/console 2>/dev/null || true
        """;

    /// <summary>Sets a unique host name, since the default ones derive from private addresses, which collide between regions.</summary>
    private const string HostName = """
        if [ -d /etc/cloud/cloud.cfg.d ]; then echo 'preserve_hostname: true' >/etc/cloud/cloud.cfg.d/99-swarmops.cfg; fi
        grep -qF '@NAME@' /etc/hosts || echo '127.0.1.1 @NAME@' >>/etc/hosts
        hostnamectl set-hostname '@NAME@' 2>/dev/null || hostname '@NAME@'
        """;

    /// <summary>A changing address breaks downloads, so apt uses short timeouts and retries.</summary>
    private const string Network = """
        export APT_CONFIG=/run/swarmops-apt.conf
        printf 'Acquire::Retries "5";\nAcquire::http::Timeout "15";\nAcquire::https::Timeout "15";\n' >$APT_CONFIG
        end=$(( $(date +%s) + @NETWORK@ ))
        until apt-get -q -o APT::Update::Error-Mode=any update >/dev/null 2>&1 || [ "$(date +%s)" -ge "$end" ]; do sleep 3; done
        """;

    private const string Group = """
        groupadd -f docker
        id -u @USER@ >/dev/null 2>&1 && usermod -aG docker @USER@
        """;

    /// <summary>The script for a node.</summary>
    /// <param name="name">The node's name, which becomes its host name.</param>
    /// <param name="user">The SSH user, who may use the engine.</param>
    public static string Script(string name, string user) =>
        string.Join(
                '\n',
                "#!/bin/sh",
                Fingerprints,
                HostName,
                Network,
                InstallationScript.Install(EngineSource.Distribution, new EngineHost(), AptTimeout),
                Group,
                "exit 0",
                ""
            )
            .ReplaceLineEndings("\n")
            .Replace("@BEGIN@", ConsoleHostKey.Begin, StringComparison.Ordinal)
            .Replace("@END@", ConsoleHostKey.End, StringComparison.Ordinal)
            .Replace("@NAME@", name, StringComparison.Ordinal)
            .Replace("@NETWORK@", NetworkSeconds.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@USER@", ShellCommand.Quote(user), StringComparison.Ordinal);

    /// <summary>The script in the API's encoding.</summary>
    public static string Encode(string script) => Convert.ToBase64String(Encoding.UTF8.GetBytes(script));
}
