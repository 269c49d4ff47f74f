namespace SwarmOps.Tests.Lab;

/// <summary>A real engine that listens on TCP with --tlsverify.</summary>
public sealed class TransportTlsTests(LabFixture lab) : IAsyncLifetime
{
    private readonly TransportTlsEngine tls = new(lab, lab.Hosts[0]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await tls.MakeCertificatesAsync();

    public ValueTask DisposeAsync() => tls.DisposeAsync();

    [Fact]
    public async Task Right_certificates_work_and_wrong_ones_are_refused()
    {
        await tls.StartAsync("server");
        await using (var connection = tls.Node("client").Connect())
        {
            var engine = await connection.GetEngineAsync(Token);
            Assert.NotEmpty((await engine.System.GetVersionAsync(Token)).Version);
        }

        await AssertTlsFailsAsync(tls.Node("distrusting"));
        await AssertTlsFailsAsync(tls.Node("disguised"));
        await AssertTlsFailsAsync(tls.Node("anonymous"));
        await AssertTlsFailsAsync(tls.Node("client") with { CertificatePath = null });
        Assert.Equal(
            "CertificateInvalid",
            (await (tls.Node("client") with { CertificatePath = tls.Folder + "/nowhere" }).EngineErrorAsync()).ErrorId
        );
        File.Delete(Path.Combine(tls.Folder, "client", "key.pem"));
        Assert.Equal("CertificateInvalid", (await tls.Node("client").EngineErrorAsync()).ErrorId);
    }

    [Fact]
    public async Task An_engine_whose_certificate_names_another_host_is_refused()
    {
        await tls.StartAsync("misnamed");
        await AssertTlsFailsAsync(tls.Node("client"));
    }

    private static async Task AssertTlsFailsAsync(SwarmNode node)
    {
        var error = await node.EngineErrorAsync(8);
        TestContext.Current.SendDiagnosticMessage(error.Message);
        Assert.True(error.ErrorId == "EngineTlsFailed", error.ToString());
    }
}
