using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Overlay;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit.Overlay;

public sealed class NatRepairTests
{
    private const string Listed = """
        table inet swarmops {
        	chain prerouting {
        		type filter hook prerouting priority raw; policy accept;
        		meta nfproto ipv4 meta ipsec exists udp dport 4789 counter udp checksum set 0
        	}
        }
        """;

    [Fact]
    public void The_rule_replaces_its_own_table_only()
    {
        var lines = NatRepairFiles.Rule(4790).Split('\n').Where(line => !line.StartsWith('#')).ToList();

        Assert.Equal(["table inet swarmops", "delete table inet swarmops", "", "table inet swarmops {"], lines.Take(4));
        Assert.Contains("        meta nfproto ipv4 meta ipsec exists udp dport 4790 counter udp checksum set 0", lines);
        Assert.DoesNotContain(lines, line => line.Contains("flush", StringComparison.Ordinal));
        Assert.EndsWith("}\n", NatRepairFiles.Rule(4790), StringComparison.Ordinal);
    }

    [Fact]
    public void The_unit_loads_the_rule_at_boot_after_nftables()
    {
        var unit = NatRepairFiles.Unit();

        Assert.Contains("\nExecStart=/usr/sbin/nft -f /etc/swarmops/nat-repair.nft\n", unit, StringComparison.Ordinal);
        Assert.Contains("\nAfter=nftables.service\n", unit, StringComparison.Ordinal);
        Assert.Contains("\nWantedBy=multi-user.target", unit, StringComparison.Ordinal);
    }

    [Fact]
    public void The_script_carries_the_files_whole()
    {
        var script = NatRepairScripts.Apply(4789);

        Assert.Contains("\n" + NatRepairFiles.Rule(4789) + "END_OF_RULE\n", script, StringComparison.Ordinal);
        Assert.Contains("\n" + NatRepairFiles.Unit() + "END_OF_UNIT\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', script);
    }

    [Theory]
    [InlineData("udp dport 4789 counter udp checksum set 0\n", 4789, true)]
    [InlineData("udp dport 4789 counter udp checksum set 0x0\n", 4789, true)]
    [InlineData("udp dport 4789 counter udp checksum set 0x0000\n", 4789, true)]
    [InlineData("udp dport 4789 counter udp checksum set 0\n", 4790, false)]
    [InlineData("udp dport 4789 counter udp checksum set 1\n", 4789, false)]
    [InlineData("udp dport 4789 counter\n", 4789, false)]
    public void The_rule_is_known_in_what_nft_lists(string end, int port, bool active)
    {
        var table =
            $"table inet swarmops {{\n\tchain prerouting {{\n\t\ttype filter hook prerouting priority raw; policy accept;\n\t\tmeta nfproto ipv4 meta ipsec exists {end}\t}}\n}}";

        Assert.Equal(active, Report(table: table).IsActive(port));
    }

    [Fact]
    public void It_is_persistent_when_both_files_are_whole_and_the_unit_is_enabled()
    {
        Assert.True(Report().IsPersistent(4789));
        Assert.False(Report(enabled: "disabled").IsPersistent(4789));
        Assert.False(Report(rule: NatRepairFiles.Rule(4790)).IsPersistent(4789));
        Assert.False(Report(unit: "").IsPersistent(4789));
    }

    [Fact]
    public void An_output_that_breaks_off_is_none() => Assert.Null(NatRepairReport.Parse("\n::host\na\n\n::addresses\n"));

    [Fact]
    public void Addresses_are_read_of_both_families() =>
        Assert.Equal(["127.0.0.1", "10.1.2.3", "10.9.9.1", "fe80::1"], Report().Addresses.Select(address => address.ToString()));

    [Fact]
    public async Task One_node_behind_NAT_means_the_rule_for_all()
    {
        var (repair, context, members) = Set(("a", "10.1.2.3"), ("b", "203.0.113.9"));
        var observations = members
            .Select(member => new NatObservation(member, Report(table: "", rule: "", unit: "", enabled: "", host: member.Node.Name)))
            .ToList();
        context.Consent = false;

        var states = repair.Describe(members, await repair.ApplyAsync(observations));

        Assert.Equal([false, true], states.Select(state => state.BehindNat));
        Assert.Equal([true, true], states.Select(state => state.RuleNeeded));
        Assert.Equal([false, false], states.Select(state => state.RuleActive));
        Assert.Equal(["a", "b"], context.Asked.Select(asked => asked.Split(':')[0]));
    }

    [Fact]
    public async Task No_node_behind_NAT_means_no_rule()
    {
        var (repair, context, members) = Set(("a", "10.1.2.3"), ("b", "10.9.9.1"));
        var observations = members
            .Select(member => new NatObservation(member, Report(table: "", rule: "", unit: "", enabled: "", host: member.Node.Name)))
            .ToList();

        var after = await repair.ApplyAsync(observations);

        Assert.Equal(observations, after);
        Assert.Empty(context.Asked);
        Assert.Equal([false, false], repair.Describe(members, after).Select(state => state.RuleNeeded));
    }

    [Fact]
    public async Task A_node_that_has_the_rule_is_left_alone()
    {
        var (repair, context, members) = Set(("a", "203.0.113.9"));

        await repair.ApplyAsync([new NatObservation(members[0], Report(host: "a"))]);

        Assert.Empty(context.Asked);
    }

    [Fact]
    public async Task A_kernel_that_refuses_the_rule_is_told_and_not_hidden()
    {
        var (repair, context, members) = Set(("a", "203.0.113.9"));
        ((ScriptedConnection)members[0].Connection).Answer =
            Output(table: "") + "\n::failed rule\nError: Could not process rule: No such file or directory\n::end\n";

        var after = await repair.ApplyAsync([new NatObservation(members[0], Report(table: "", host: "a"))]);

        var state = repair.Describe(members, after).Single();
        Assert.Equal((false, true), (state.RuleActive, state.RulePersistent));
        Assert.Contains("Could not process rule", Assert.Single(context.Warnings), StringComparison.Ordinal);
        Assert.Empty(context.Errors);
    }

    [Theory]
    [InlineData("::failed install\nE: Unable to locate package nftables\n", "NftablesMissing")]
    [InlineData("::failed unit\nFailed to enable unit\n", "NatRepairFailed")]
    public async Task A_step_that_fails_is_an_error_of_its_node(string failure, string errorId)
    {
        var (repair, context, members) = Set(("a", "203.0.113.9"));
        ((ScriptedConnection)members[0].Connection).Answer = Output(table: "", rule: "", unit: "", enabled: "") + failure + "\n::end\n";

        var after = await repair.ApplyAsync([new NatObservation(members[0], Report(table: "", host: "a"))]);

        Assert.Empty(after);
        Assert.Equal(errorId, Assert.Single(context.Errors).ErrorId);
        Assert.Null(repair.Describe(members, after).Single().RuleActive);
    }

    [Fact]
    public async Task A_shell_on_another_machine_than_the_engine_is_refused()
    {
        var (repair, context, members) = Set(("b", "203.0.113.9"));
        ((ScriptedConnection)members[0].Connection).Answer = Output() + "\n::end\n";

        Assert.Empty(await repair.ObserveAsync(members));
        Assert.Equal("EngineOnAnotherHost", Assert.Single(context.Errors).ErrorId);
    }

    [Fact]
    public async Task A_user_without_sudo_is_told_so()
    {
        var (repair, context, members) = Set(("a", "203.0.113.9"));
        ((ScriptedConnection)members[0].Connection).Error = "sudo: a password is required";

        Assert.Empty(await repair.ObserveAsync(members));
        Assert.Equal("NatRepairNeedsRoot", Assert.Single(context.Errors).ErrorId);
    }

    private static (NatRepair Repair, FakeContext Context, IReadOnlyList<NodeObservation> Members) Set(
        params (string Name, string Advertised)[] nodes
    )
    {
        var context = new FakeContext();
        var members = nodes
            .Select(entry =>
            {
                var node = new SwarmNode { Name = entry.Name };
                return new NodeObservation(
                    node,
                    new ScriptedConnection(node),
                    new SystemInfoResponse
                    {
                        Name = entry.Name,
                        Swarm = new Info { NodeAddr = entry.Advertised },
                    }
                );
            })
            .ToList();
        return (new NatRepair(context, 4, TimeSpan.FromSeconds(5), 4789), context, members);
    }

    private static NatRepairReport Report(
        string table = Listed,
        string? rule = null,
        string? unit = null,
        string enabled = "enabled",
        string host = "a"
    ) => NatRepairReport.Parse(Output(table, rule, unit, enabled, host) + "\n::end\n")!;

    private static string Output(
        string table = Listed,
        string? rule = null,
        string? unit = null,
        string enabled = "enabled",
        string host = "a"
    ) =>
        $"""

            ::host
            {host}

            ::addresses
            1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
            2: eth0    inet 10.1.2.3/20 brd 10.1.15.255 scope global eth0\       valid_lft forever preferred_lft forever
            3: tun0    inet 10.9.9.1 peer 10.9.9.2/32 scope global tun0\       valid_lft forever preferred_lft forever
            2: eth0    inet6 fe80::1/64 scope link \       valid_lft forever preferred_lft forever

            ::nft
            yes

            ::table
            {table}

            ::rule-file
            {rule ?? NatRepairFiles.Rule(4789)}

            ::unit-file
            {unit ?? NatRepairFiles.Unit()}

            ::enabled
            {enabled}

            """;

    /// <summary>A host whose shell gives one answer.</summary>
    private sealed class ScriptedConnection(SwarmNode node) : INodeConnection
    {
        public string Answer { get; set; } = "";

        public string Error { get; set; } = "";

        public SwarmNode Node => node;

        public Task<IDockerClient> GetEngineAsync(CancellationToken cancellationToken) =>
            throw new InvalidOperationException("This test asks no engine.");

        public Task<EngineApi> GetApiAsync(CancellationToken cancellationToken) =>
            throw new InvalidOperationException("This test asks no engine.");

        public Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken)
        {
            Assert.True(command.AsRoot);
            return Task.FromResult(new CommandResult(Error.Length > 0 ? 1 : 0, Answer, Error));
        }

        public Task ResetAsync() => Task.CompletedTask;
    }
}
