namespace SwarmOps.Tests.Lab;

/// <summary>A second engine on a lab host that listens on TCP with --tlsverify, and certificates of several kinds; ended with the test.</summary>
internal sealed class TransportTlsEngine(LabFixture lab, LabHost host) : IAsyncDisposable
{
    private const int Port = 2376;

    /// <summary>The engine's own socket on the host.</summary>
    public const string Socket = "unix:///var/tmp/tls/docker.sock";

    /// <summary>The folders of certificates on this machine.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("swarmops-").FullName;

    /// <summary>An authority, an engine's certificate, a client's, and the same again from another authority.</summary>
    public async Task MakeCertificatesAsync()
    {
        var script = $$"""
            set -e
            make() { # folder authority name extensions
                mkdir -p $1; openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$3" -keyout $1/key.pem -out $1/request.pem 2>/dev/null
                printf "$4" >$1/extensions
                openssl x509 -req -in $1/request.pem -CA $2.pem -CAkey $2-key.pem -CAcreateserial -days 2 -extfile $1/extensions -out $1/cert.pem 2>/dev/null
                cp $2.pem $1/ca.pem
            }
            for authority in authority other; do
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$authority" -days 2 -keyout $authority-key.pem -out $authority.pem 2>/dev/null
            done
            make server authority engine 'subjectAltName=IP:{{host.PublicAddress}}\nextendedKeyUsage=serverAuth\n'
            make misnamed authority engine 'subjectAltName=DNS:elsewhere.example\nextendedKeyUsage=serverAuth\n'
            make client authority client 'extendedKeyUsage=clientAuth\n'
            make stranger other client 'extendedKeyUsage=clientAuth\n'
            mkdir anonymous; cp authority.pem anonymous/ca.pem
            mkdir distrusting; cp client/cert.pem client/key.pem distrusting; cp other.pem distrusting/ca.pem
            mkdir disguised; cp stranger/cert.pem stranger/key.pem disguised; cp authority.pem disguised/ca.pem
            """;
        var made = await Shell.RunAsync("sh", "-c", $"cd '{Folder}'\n{script}");
        Assert.True(made.ExitCode == 0, made.Error);
    }

    /// <summary>The node, opened with the certificates of a folder.</summary>
    public SwarmNode Node(string certificates) =>
        new()
        {
            Name = "tls",
            DockerHost = $"tcp://{host.PublicAddress}:{Port}",
            CertificatePath = Path.Combine(Folder, certificates),
        };

    /// <summary>Starts the engine, with a disk, sockets and a process file of its own.</summary>
    public async Task StartAsync(string certificate)
    {
        await lab.ExecAsync(host, "mkdir -p /var/tmp/tls");
        foreach (var name in new[] { "ca.pem", "cert.pem", "key.pem" })
            await lab.ExecAsync(
                host,
                $"cat >/var/tmp/tls/{name} <<'END'\n{await File.ReadAllTextAsync(Path.Combine(Folder, certificate, name), TestContext.Current.CancellationToken)}\nEND"
            );
        await lab.ExecAsync(
            host,
            $$"""
            cd /var/tmp/tls
            setsid dockerd --data-root /var/lib/docker/tls-test --exec-root /var/tmp/tls/run --pidfile /var/tmp/tls/pid --bridge none --iptables=false --storage-driver vfs \
                -H tcp://0.0.0.0:{{Port}} -H {{Socket}} --tlsverify --tlscacert ca.pem --tlscert cert.pem --tlskey key.pem >log 2>&1 </dev/null &
            for attempt in $(seq 100); do grep -q 'API listen on /' log && grep -q 'API listen on \[' log && exit 0; sleep 0.1; done
            cat log; exit 1
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        await lab.ExecAsync(
            host,
            $"docker -H {Socket} rm -f $(docker -H {Socket} ps -aq) >/dev/null 2>&1; kill $(cat /var/tmp/tls/pid) && while kill -0 $(cat /var/tmp/tls/pid) 2>/dev/null; do sleep 0.1; done; rm -rf /var/tmp/tls /var/lib/docker/tls-test; true"
        );
        Directory.Delete(Folder, recursive: true);
    }
}
