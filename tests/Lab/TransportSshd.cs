namespace SwarmOps.Tests.Lab;

/// <summary>A further sshd on a lab host, with host keys and settings of its own; ended with the test.</summary>
internal sealed class TransportSshd : IAsyncDisposable
{
    private readonly LabFixture lab;
    private readonly string folder;

    private TransportSshd(LabFixture lab, LabHost host, int port)
    {
        this.lab = lab;
        (Host, Port, folder) = (host, port, $"/var/tmp/sshd-{port}");
    }

    public LabHost Host { get; }

    public int Port { get; }

    /// <summary>Starts it.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="host">The host it runs on.</param>
    /// <param name="port">Its port.</param>
    /// <param name="keyTypes">Types of its host keys, as for <c>ssh-keygen -t</c>.</param>
    /// <param name="settings">Further lines of its configuration.</param>
    public static async Task<TransportSshd> StartAsync(LabFixture lab, LabHost host, int port, string keyTypes, string settings = "")
    {
        var sshd = new TransportSshd(lab, host, port);
        await sshd.RunAsync(
            $$"""
            rm -rf {{sshd.folder}}; mkdir -p /run/sshd {{sshd.folder}}; cd {{sshd.folder}}
            for type in {{keyTypes}}; do ssh-keygen -q -t $type -N '' -f key_$type; echo "HostKey {{sshd.folder}}/key_$type" >>config; done
            printf 'Port {{port}}\nPidFile {{sshd.folder}}/pid\nUsePAM yes\nUseDNS no\nMaxStartups 100\n' >>config
            cat >>config <<'END'
            {{settings}}
            END
            /usr/sbin/sshd -f {{sshd.folder}}/config
            """
        );
        return sshd;
    }

    /// <summary>The fingerprint of one of its keys.</summary>
    public async Task<string> FingerprintAsync(string keyType) =>
        (await RunAsync($"ssh-keygen -lf {folder}/key_{keyType}.pub")).Split(' ')[1];

    /// <summary>One of its public keys: type and base64.</summary>
    public async Task<string> PublicKeyAsync(string keyType) =>
        string.Join(' ', (await RunAsync($"cat {folder}/key_{keyType}.pub")).Split(' ').Take(2));

    /// <summary>Runs a script on its host.</summary>
    public Task<string> RunAsync(string script) => lab.ExecAsync(Host, "cd /\n" + script);

    public async ValueTask DisposeAsync() =>
        await RunAsync(
            $"kill -CONT $(cat {folder}/pid); kill $(cat {folder}/pid); for child in $(ss -Htnp sport = :{Port} | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u); do kill -9 $child; done; rm -rf {folder}; true"
        );
}
