namespace SwarmOps.Tests.Lab;

/// <summary>A real engine that listens on TCP with --tlsverify.</summary>
public sealed class TransportTlsTests(LabFixture lab) : IAsyncLifetime
{
    private const int Port = 2376;

    private readonly string folder = Directory.CreateTempSubdirectory("swarmops-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LabHost Host => lab.Hosts[0];

    /// <summary>An authority, an engine's certificate, a client's, and the same again from another authority.</summary>
    public async ValueTask InitializeAsync()
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
            make server authority engine 'subjectAltName=IP:{{Host.PublicAddress}}\nextendedKeyUsage=serverAuth\n'
            make misnamed authority engine 'subjectAltName=DNS:elsewhere.example\nextendedKeyUsage=serverAuth\n'
            make client authority client 'extendedKeyUsage=clientAuth\n'
            make stranger other client 'extendedKeyUsage=clientAuth\n'
            mkdir anonymous; cp authority.pem anonymous/ca.pem
            mkdir distrusting; cp client/cert.pem client/key.pem distrusting; cp other.pem distrusting/ca.pem
            mkdir disguised; cp stranger/cert.pem stranger/key.pem disguised; cp authority.pem disguised/ca.pem
            """;
        var made = await Shell.RunAsync("sh", "-c", $"cd '{folder}'\n{script}");
        Assert.True(made.ExitCode == 0, made.Error);
    }

    public async ValueTask DisposeAsync()
    {
        await lab.ExecAsync(Host, "kill $(cat /var/tmp/tls/pid) && while kill -0 $(cat /var/tmp/tls/pid) 2>/dev/null; do sleep 0.1; done; rm -rf /var/tmp/tls /var/lib/docker/tls-test; true");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Right_certificates_work_and_wrong_ones_are_refused()
    {
        await StartEngineAsync("server");
        await using (var connection = Node("client").Connect())
        {
            var engine = await connection.GetEngineAsync(Token);
            Assert.NotEmpty((await engine.System.GetVersionAsync(Token)).Version);
        }

        await AssertTlsFailsAsync(Node("distrusting"));
        await AssertTlsFailsAsync(Node("disguised"));
        await AssertTlsFailsAsync(Node("anonymous"));
        await AssertTlsFailsAsync(Node("client") with { CertificatePath = null });
        Assert.Equal("CertificateInvalid", (await (Node("client") with { CertificatePath = folder + "/nowhere" }).EngineErrorAsync()).ErrorId);
        File.Delete(Path.Combine(folder, "client", "key.pem"));
        Assert.Equal("CertificateInvalid", (await Node("client").EngineErrorAsync()).ErrorId);
    }

    [Fact]
    public async Task An_engine_whose_certificate_names_another_host_is_refused()
    {
        await StartEngineAsync("misnamed");
        await AssertTlsFailsAsync(Node("client"));
    }

    private static async Task AssertTlsFailsAsync(SwarmNode node)
    {
        var error = await node.EngineErrorAsync(8);
        TestContext.Current.SendDiagnosticMessage(error.Message);
        Assert.True(error.ErrorId == "EngineTlsFailed", error.ToString());
    }

    private SwarmNode Node(string certificates) => new() { Name = "tls", DockerHost = $"tcp://{Host.PublicAddress}:{Port}", CertificatePath = Path.Combine(folder, certificates) };

    /// <summary>A second engine on the host, with a disk, socket and process file of its own.</summary>
    private async Task StartEngineAsync(string certificate)
    {
        await lab.ExecAsync(Host, "mkdir -p /var/tmp/tls");
        foreach (var name in new[] { "ca.pem", "cert.pem", "key.pem" })
            await lab.ExecAsync(Host, $"cat >/var/tmp/tls/{name} <<'END'\n{await File.ReadAllTextAsync(Path.Combine(folder, certificate, name), Token)}\nEND");
        await lab.ExecAsync(Host, $$"""
            cd /var/tmp/tls
            setsid dockerd --data-root /var/lib/docker/tls-test --exec-root /var/tmp/tls/run --pidfile /var/tmp/tls/pid --bridge none --iptables=false --storage-driver vfs \
                -H tcp://0.0.0.0:{{Port}} --tlsverify --tlscacert ca.pem --tlscert cert.pem --tlskey key.pem >log 2>&1 </dev/null &
            for attempt in $(seq 100); do grep -q 'API listen' log && exit 0; sleep 0.1; done
            cat log; exit 1
            """);
    }
}
