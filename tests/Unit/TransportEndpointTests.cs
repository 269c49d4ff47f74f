using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

public sealed class TransportEndpointTests
{
    [Theory]
    [InlineData("ssh://root@203.0.113.17", "203.0.113.17", 22, "root")]
    [InlineData("ssh://admin@eu.example.com:2222", "eu.example.com", 2222, "admin")]
    [InlineData("ssh://eu.example.com/", "eu.example.com", 22, null)]
    [InlineData("SSH://Root@EU.example.com", "eu.example.com", 22, "Root")]
    [InlineData("ssh://root@[2001:db8::17]:2222", "2001:db8::17", 2222, "root")]
    [InlineData("ssh://domain%5Cuser@host", "host", 22, "domain\\user")]
    public void Ssh(string dockerHost, string host, int port, string? user) =>
        Assert.Equal(new EngineEndpoint(EngineEndpointKind.Ssh, host, port, user, ""), EngineEndpoint.Parse(dockerHost));

    [Theory]
    [InlineData("tcp://203.0.113.17", "203.0.113.17", 2376)]
    [InlineData("tcp://engine:2375", "engine", 2375)]
    [InlineData("tcp://[2001:db8::17]:2376", "2001:db8::17", 2376)]
    public void Tcp(string dockerHost, string host, int port) =>
        Assert.Equal(new EngineEndpoint(EngineEndpointKind.Tcp, host, port, null, ""), EngineEndpoint.Parse(dockerHost));

    [Theory]
    [InlineData("unix:///run/docker.sock", "/run/docker.sock")]
    [InlineData("unix:///run/a b/docker.sock", "/run/a b/docker.sock")]
    public void Unix(string dockerHost, string path) =>
        Assert.Equal(new EngineEndpoint(EngineEndpointKind.Unix, "", 0, null, path), EngineEndpoint.Parse(dockerHost));

    [Theory]
    [InlineData("npipe:////./pipe/docker_engine", ".", "docker_engine")]
    [InlineData("npipe://./pipe/docker_engine", ".", "docker_engine")]
    [InlineData("npipe:////server/pipe/docker_engine", "server", "docker_engine")]
    public void Pipe(string dockerHost, string server, string pipe) =>
        Assert.Equal(new EngineEndpoint(EngineEndpointKind.Pipe, server, 0, null, pipe), EngineEndpoint.Parse(dockerHost));

    [Theory]
    [InlineData("")]
    [InlineData("203.0.113.17")]
    [InlineData("root@203.0.113.17")]
    [InlineData("http://203.0.113.17")]
    [InlineData("ssh://")]
    [InlineData("ssh://root@")]
    [InlineData("ssh://root@host/path")]
    [InlineData("ssh://root@host?x=1")]
    [InlineData("ssh://root@host:99999")]
    [InlineData("ssh://root@host:0")]
    [InlineData("ssh://root:secret@host")]
    [InlineData("tcp://")]
    [InlineData("tcp://user@host:2376")]
    [InlineData("tcp://host:2376/path")]
    [InlineData("unix://run/docker.sock")]
    [InlineData("unix://")]
    [InlineData("unix:///")]
    [InlineData("npipe://./docker_engine")]
    [InlineData("npipe:////./pipe/")]
    public void What_cannot_be_used_is_refused_without_showing_a_password(string dockerHost)
    {
        var error = Assert.Throws<SwarmOpsException>(() => EngineEndpoint.Parse(dockerHost));
        Assert.Equal("DockerHostInvalid", error.ErrorId);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Contains("ssh://user@host[:port]", error.RecommendedAction, StringComparison.Ordinal);
    }
}
