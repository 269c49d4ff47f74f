using SwarmOps.Swarm;

namespace SwarmOps.Tests.Unit;

public sealed class ControlPortProbeTests
{
    [Fact]
    public void A_refusal_is_an_answer_and_silence_is_none()
    {
        var results = ControlPortProbe.Parse("203.0.113.1 open\n203.0.113.2 refused\n203.0.113.3 timeout\n2001:db8::4 failed No route to host\n\nnoise\n");

        Assert.Equal(["203.0.113.1", "203.0.113.2"], results.Where(result => result.Value.HostAnswers).Select(result => result.Key).Order());
        Assert.Equal("no answer within 5 s", results["203.0.113.3"].Detail);
        Assert.Equal("No route to host", results["2001:db8::4"].Detail);
    }

    [Theory]
    [InlineData("203.0.113.1", "203.0.113.1:2377/tcp")]
    [InlineData("2001:db8::1", "[2001:db8::1]:2377/tcp")]
    public void The_endpoint_of_an_address(string address, string endpoint) => Assert.Equal(endpoint, PromotionDiagnosis.EndpointOf(address));
}
