using System.Globalization;

namespace SwarmOps.Tests.Lab;

/// <summary>Overlay networks on real engines, and the NAT rule on real hosts.</summary>
public sealed class OverlayTests(LabFixture lab) : IDisposable
{
    /// <summary>What of ours is on a host: table, files with their times, unit.</summary>
    private const string Traces =
        "cd /; nft -a list table inet swarmops 2>/dev/null; stat -c '%n %y %i' /etc/swarmops/* /etc/systemd/system/swarmops* /etc/systemd/system/*.wants/swarmops* 2>/dev/null; true";

    private const string ForeignTable =
        "nft add table inet other; nft add chain inet other c '{ type filter hook prerouting priority 0; }'; nft flush chain inet other c; nft add rule inet other c udp dport 4789 counter; "
        + "nft add table ip swarmops; nft add chain ip swarmops keep";

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task It_is_made_once_known_to_all_managers_and_every_host_behind_NAT_gets_the_rule()
    {
        var nodes = await lab.ThreeManagersAsync(session);

        var first = session
            .Run(
                "$n | New-EncryptedOverlay -Name internal -Subnet 10.77.0.0/24 -Gateway 10.77.0.9 -Mtu 1420 -Label @{ stage = 'test' }",
                ("n", nodes)
            )
            .ThrowOnError();

        var overlay = (SwarmOverlay)first.Objects.Single();
        Assert.Empty(first.Warnings);
        Assert.Equal(
            ("internal", true, true, 1420, nodes[0].SwarmId),
            (overlay.Name, overlay.Encrypted, overlay.Attachable, overlay.Mtu, overlay.SwarmId)
        );
        Assert.Equal(["10.77.0.0/24"], overlay.Subnets);
        Assert.Single(overlay.VxlanIds);
        Assert.Equal("test", overlay.Labels["stage"]);
        Assert.Equal(nodes.Select(node => node.Name), overlay.Nodes.Select(node => node.Name));
        Assert.Equal(lab.Hosts.Select(host => host.Name), overlay.NatRepairs.Select(state => state.Node));
        Assert.All(
            overlay.NatRepairs,
            state => Assert.Equal((true, true, true, true), (state.BehindNat, state.RuleNeeded, state.RuleActive, state.RulePersistent))
        );
        foreach (var manager in lab.Hosts)
            Assert.Equal(
                "overlay swarm true map[com.docker.network.driver.mtu:1420 com.docker.network.driver.overlay.vxlanid_list:4097 encrypted:] 10.77.0.9",
                await InspectAsync(
                    manager,
                    "internal",
                    "{{.Driver}} {{.Scope}} {{.Attachable}} {{.Options}} {{(index .IPAM.Config 0).Gateway}}"
                )
            );
        foreach (var host in lab.Hosts)
        {
            Assert.Contains(
                "meta ipsec exists udp dport 4789 counter packets 0 bytes 0 udp checksum set 0",
                await lab.ExecAsync(host, "nft list table inet swarmops"),
                StringComparison.Ordinal
            );
            Assert.Equal(
                "active\nenabled",
                (await lab.ExecAsync(host, "systemctl is-active swarmops-nat-repair; systemctl is-enabled swarmops-nat-repair")).Trim()
            );
        }

        var traces = await TracesAsync();
        var second = session
            .Run(
                "$n | New-EncryptedOverlay -Name internal -Subnet 10.77.0.0/24 -Gateway 10.77.0.9 -Mtu 1420 -Label @{ stage = 'test' }",
                ("n", nodes)
            )
            .ThrowOnError();
        var less = session.Run("$n | New-EncryptedOverlay -Name internal", ("n", nodes)).ThrowOnError();
        var got = session.Run("$n | Get-SwarmOverlay", ("n", nodes)).ThrowOnError();

        Assert.Equal(SwarmFacts.Json(first.Objects), SwarmFacts.Json(second.Objects));
        Assert.Equal(SwarmFacts.Json(first.Objects), SwarmFacts.Json(less.Objects));
        Assert.Equal(SwarmFacts.Json(first.Objects), SwarmFacts.Json(got.Objects));
        Assert.Equal(traces, await TracesAsync());
    }

    [Fact]
    [Trait(AnyEngine.Name, AnyEngine.Value)]
    public async Task WhatIf_names_the_network_and_each_host_and_changes_nothing()
    {
        var nodes = await FormAsync();
        var networks = await NetworksAsync();

        var outcome = session.Run("$n | New-EncryptedOverlay -Name internal -WhatIf", ("n", nodes)).ThrowOnError();

        Assert.Empty(outcome.Objects);
        Assert.Equal(networks, await NetworksAsync());
        Assert.All(await TracesAsync(), trace => Assert.Equal("", trace));
    }

    [Fact]
    [Trait(AnyEngine.Name, AnyEngine.Value)]
    public async Task The_rule_survives_a_reboot_and_nftables_and_leaves_other_tables_alone()
    {
        var nodes = await FormAsync();
        var host = lab.Hosts[1];
        await lab.ExecAsync(host, ForeignTable);
        var foreign = await lab.ExecAsync(host, "nft -a -s list table inet other; nft -a list table ip swarmops");

        session.Run("$n | New-EncryptedOverlay -Name internal", ("n", nodes)).ThrowOnError();
        Assert.Equal(foreign, await lab.ExecAsync(host, "nft -a -s list table inet other; nft -a list table ip swarmops"));

        await lab.OnLabAsync("host", "reboot", host.Name, "--wait");
        var rebooted = (SwarmOverlay)session.Run("$n | Get-SwarmOverlay -Name internal", ("n", nodes)).ThrowOnError().Objects.Single();
        Assert.All(rebooted.NatRepairs, state => Assert.Equal((true, true), (state.RuleActive, state.RulePersistent)));

        foreach (var flush in new[] { "restart", "reload", "stop", "start" })
            await lab.ExecAsync(host, $"systemctl {flush} nftables; sleep 0.5; [ {flush} = stop ] || nft list table inet swarmops");
        await lab.ExecAsync(
            host,
            $"systemctl stop nftables; systemctl restart docker; systemctl start swarmops-nat-repair; {ForeignTable}"
        );
        foreign = await lab.ExecAsync(host, "nft -a -s list table inet other; nft -a list table ip swarmops");

        session.Run("$n | Remove-SwarmOverlay -Name internal -Confirm:$false", ("n", nodes)).ThrowOnError();
        Assert.All(await TracesAsync(), trace => Assert.Equal("", trace));
        Assert.Equal(foreign, await lab.ExecAsync(host, "nft -a -s list table inet other; nft -a list table ip swarmops"));
        await lab.ExecAsync(host, "nft delete table inet other; nft delete table ip swarmops");
    }

    [Fact]
    [Trait(AnyEngine.Name, AnyEngine.Value)]
    public async Task A_rule_that_someone_lost_is_seen_and_put_back()
    {
        var nodes = await FormAsync();
        session.Run("$n | New-EncryptedOverlay -Name internal", ("n", nodes)).ThrowOnError();
        await lab.ExecAsync(lab.Hosts[0], "nft delete table inet swarmops");
        await lab.ExecAsync(lab.Hosts[1], "systemctl disable swarmops-nat-repair");
        await lab.ExecAsync(lab.Hosts[2], "echo '# edited' >> /etc/swarmops/nat-repair.nft");
        var untouched = await TracesAsync();

        var seen = (SwarmOverlay)session.Run("$n | Get-SwarmOverlay", ("n", nodes)).ThrowOnError().Objects.Single();
        var mended = (SwarmOverlay)session.Run("$n | New-EncryptedOverlay -Name internal", ("n", nodes)).ThrowOnError().Objects.Single();

        Assert.Equal(
            [(false, true), (true, false), (true, false)],
            seen.NatRepairs.Select(state => (state.RuleActive!.Value, state.RulePersistent!.Value))
        );
        Assert.All(mended.NatRepairs, state => Assert.Equal((true, true), (state.RuleActive, state.RulePersistent)));
        Assert.All((await TracesAsync()).Zip(untouched), pair => Assert.NotEqual(pair.Second, pair.First));
    }

    [Fact]
    public async Task SkipNatRepair_and_Unencrypted_leave_the_hosts_alone()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();

        var skipped = (SwarmOverlay)
            session.Run("$n | New-EncryptedOverlay -Name a -SkipNatRepair", ("n", nodes)).ThrowOnError().Objects.Single();
        var plain = session.Run("$n | New-EncryptedOverlay -Name b -Unencrypted -NotAttachable -Internal", ("n", nodes)).ThrowOnError();
        var listed = session.Run("$n | Get-SwarmOverlay -SkipNatRepair", ("n", nodes)).ThrowOnError().Objects.Cast<SwarmOverlay>().ToList();
        var asked = (SwarmOverlay)session.Run("$n | Get-SwarmOverlay -Name A", ("n", nodes)).ThrowOnError().Objects.Single();

        Assert.Empty(skipped.NatRepairs);
        Assert.Contains("not encrypted", Assert.Single(plain.Warnings), StringComparison.Ordinal);
        Assert.Equal((false, false), (((SwarmOverlay)plain.Objects.Single()).Encrypted, ((SwarmOverlay)plain.Objects.Single()).Attachable));
        Assert.Equal("true", await InspectAsync(lab.Hosts[0], "b", "{{.Internal}}"));
        Assert.Equal(["a", "b"], listed.Select(overlay => overlay.Name));
        Assert.All(listed, overlay => Assert.Empty(overlay.NatRepairs));
        Assert.All(
            asked.NatRepairs,
            state => Assert.Equal((true, false, false), (state.RuleNeeded, state.RuleActive, state.RulePersistent))
        );
        Assert.All(await TracesAsync(), trace => Assert.Equal("", trace));
    }

    [Fact]
    public async Task A_plain_overlay_carries_packets_between_regions()
    {
        var nodes = await FormAsync();
        session
            .Run("$n | New-EncryptedOverlay -Name wan -Unencrypted -Mtu 1400 -WarningAction SilentlyContinue", ("n", nodes))
            .ThrowOnError();

        await lab.ExecAsync(lab.Hosts[0], "docker run -d --name far --network wan lab/busybox:latest sleep 600");
        await lab.ExecAsync(lab.Hosts[2], "docker run -d --name near --network wan lab/busybox:latest sleep 600");
        var address = (await lab.ExecAsync(lab.Hosts[0], "docker inspect -f '{{.NetworkSettings.Networks.wan.IPAddress}}' far")).Trim();

        // The first packets are lost until gossip has told the peers of each other.
        await lab.ExecAsync(lab.Hosts[2], $"for i in $(seq 20); do docker exec near ping -c 1 -W 1 {address} && exit 0; done; exit 1");
        Assert.Contains(
            " 0% packet loss",
            await lab.ExecAsync(lab.Hosts[2], $"docker exec near ping -c 3 -W 2 {address}"),
            StringComparison.Ordinal
        );
        Assert.Equal("1350", (await lab.ExecAsync(lab.Hosts[2], "docker exec near cat /sys/class/net/eth0/mtu")).Trim());
    }

    [Fact]
    public async Task Only_the_last_encrypted_overlay_takes_the_rule_with_it()
    {
        var nodes = await FormAsync();
        var overlays = session
            .Run(
                "$n | New-EncryptedOverlay -Name one; $n | New-EncryptedOverlay -Name two; $n | New-EncryptedOverlay -Name plain -Unencrypted",
                ("n", nodes)
            )
            .ThrowOnError()
            .Objects;
        var traces = await TracesAsync();

        session
            .Run("$n | Remove-SwarmOverlay -Name one -WhatIf; $n | Remove-SwarmOverlay -Name two, one -WhatIf", ("n", nodes))
            .ThrowOnError();
        Assert.Equal(["one", "plain", "two"], Names(session.Run("$n | Get-SwarmOverlay -SkipNatRepair", ("n", nodes))));
        session.Run("$n | Remove-SwarmOverlay -Name one -Confirm:$false", ("n", nodes)).ThrowOnError();
        Assert.Equal(["plain", "two"], Names(session.Run("$n | Get-SwarmOverlay -SkipNatRepair", ("n", nodes))));
        Assert.Equal(traces, await TracesAsync());

        session.Run("$o | Remove-SwarmOverlay -Confirm:$false", ("o", overlays)).ThrowOnError();
        Assert.Empty(session.Run("$n | Get-SwarmOverlay", ("n", nodes)).ThrowOnError().Objects);
        Assert.All(await TracesAsync(), trace => Assert.Equal("", trace));
        Assert.Equal(["OverlayNotFound"], session.Run("$n | Remove-SwarmOverlay -Name two -Confirm:$false", ("n", nodes)).ErrorIds);
        session.Run("$o | Remove-SwarmOverlay -Confirm:$false", ("o", overlays)).ThrowOnError();
    }

    [Fact]
    public async Task A_removal_that_was_killed_before_the_rule_was_taken_away_is_finished_by_the_next()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        session.Run("$n | New-EncryptedOverlay -Name internal", ("n", nodes)).ThrowOnError();
        await lab.ExecAsync(lab.Hosts[0], "docker network rm internal");

        var outcome = session.Run("$n | Remove-SwarmOverlay -Name internal -Confirm:$false", ("n", nodes));

        Assert.Equal(["OverlayNotFound"], outcome.ErrorIds);
        Assert.All(await TracesAsync(), trace => Assert.Equal("", trace));
    }

    [Fact]
    public async Task One_in_use_is_not_removed_and_the_users_are_named()
    {
        var nodes = await FormAsync();
        session.Run("$n | New-EncryptedOverlay -Name used -Unencrypted -WarningAction SilentlyContinue", ("n", nodes)).ThrowOnError();
        await lab.ExecAsync(
            lab.Hosts[0],
            "docker service create -q -d --name web --network used --mode global lab/busybox:latest sleep 600"
        );
        await lab.ExecAsync(
            lab.Hosts[0],
            "for i in $(seq 150); do [ \"$(docker service ls --format '{{.Replicas}}')\" = 3/3 ] && exit 0; sleep 0.2; done; exit 1"
        );
        await lab.ExecAsync(lab.Hosts[2], "docker run -d --name lone --network used lab/busybox:latest sleep 600");

        var both = session.Run("$n | Remove-SwarmOverlay -Name used -Confirm:$false", ("n", nodes));
        await lab.ExecAsync(lab.Hosts[2], "docker rm -f lone");
        var service = session.Run("$n | Remove-SwarmOverlay -Name used -Confirm:$false", ("n", nodes));
        await lab.ExecAsync(lab.Hosts[0], "docker service rm web");
        var none = session.Run("$n | Remove-SwarmOverlay -Name used -Confirm:$false", ("n", nodes)).ThrowOnError();

        Assert.Equal(["OverlayInUse"], both.ErrorIds);
        Assert.Contains(
            $"the service 'web', the container 'lone' on '{lab.Hosts[2].Name}'",
            both.Errors[0].Exception.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["OverlayInUse"], service.ErrorIds);
        Assert.Empty(none.Objects);
        foreach (var host in lab.Hosts)
            Assert.DoesNotContain("used", await lab.ExecAsync(host, "docker network ls --format '{{.Name}}'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_swarm_without_NAT_gets_no_rule_and_one_with_a_single_host_behind_NAT_gets_it_everywhere()
    {
        Nightly.SkipUnlessAsked();
        await lab.ResetAsync();
        var first = lab.Hosts[0];
        var name = (await lab.OnLabAsync("host", "add", first.Region)).Trim().Split('\n')[^1];
        await lab.RefreshAsync();
        try
        {
            var second = lab.Hosts.Single(host => host.Name == name);
            var nodes = new[] { session.Node(first), session.Node(second) };
            await lab.ExecAsync(first, $"docker swarm init --advertise-addr {first.PrivateAddress}");
            await JoinAsync(first, second, second.PrivateAddress, first.PrivateAddress);
            var own = (SwarmOverlay)session.Run("$n | New-EncryptedOverlay -Name own", ("n", nodes)).ThrowOnError().Objects.Single();
            Assert.All(
                own.NatRepairs,
                state =>
                    Assert.Equal((false, false, false, false), (state.BehindNat, state.RuleNeeded, state.RuleActive, state.RulePersistent))
            );
            Assert.All(await TracesAsync(first, second), trace => Assert.Equal("", trace));

            await lab.ExecAsync(second, "docker swarm leave");
            await JoinAsync(first, second, second.PublicAddress, first.PrivateAddress);
            var mixed = (SwarmOverlay)
                session
                    .Run("$n | New-EncryptedOverlay -Name own -WarningAction SilentlyContinue", ("n", nodes))
                    .ThrowOnError()
                    .Objects.Single();
            Assert.Equal(
                [(false, true, true), (true, true, true)],
                mixed.NatRepairs.Select(state => (state.BehindNat!.Value, state.RuleNeeded!.Value, state.RuleActive!.Value))
            );
        }
        finally
        {
            await lab.OnLabAsync("host", "remove", name);
            await lab.RefreshAsync();
        }
    }

    [Fact]
    [Trait(AnyEngine.Name, AnyEngine.Value)]
    public async Task A_member_that_is_not_in_the_set_is_warned_of_and_a_dead_one_does_not_hide_the_others()
    {
        var nodes = await FormAsync();

        var part = session.Run("$n | New-EncryptedOverlay -Name internal", ("n", nodes.Take(2).ToArray())).ThrowOnError();
        var dead = nodes[2] with { DockerHost = $"ssh://root@{lab.Hosts[2].PublicAddress}:1" };
        var rest = session.Run("$n | New-EncryptedOverlay -Name internal", ("n", new[] { nodes[0], nodes[1], dead }));

        Assert.True(part.Warnings.Count == 1, string.Join('\n', part.Warnings));
        Assert.Contains(lab.Hosts[2].Name, part.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(["NodeUnreachable"], rest.ErrorIds);
        Assert.Equal([nodes[0].Name, nodes[1].Name], ((SwarmOverlay)rest.Objects.Single()).Nodes.Select(node => node.Name));
    }

    [Fact]
    public async Task Users_without_root_rights_and_shells_of_other_machines_are_refused_each_by_its_own_error()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "usermod -aG docker admin; usermod -aG docker debian")));
        var set = new[]
        {
            nodes[0] with
            {
                DockerHost = $"ssh://debian@{lab.Hosts[0].PublicAddress}",
            },
            nodes[1] with
            {
                DockerHost = $"ssh://admin@{lab.Hosts[1].PublicAddress}",
            },
            nodes[2] with
            {
                DockerHost = $"unix://{lab.Hosts[2].DockerSocket}",
            },
        };

        var outcome = session.Run("$n | New-EncryptedOverlay -Name internal", ("n", set));

        Assert.Equal(["EngineOnAnotherHost", "NatRepairNeedsRoot"], outcome.ErrorIds.Order());
        var overlay = (SwarmOverlay)outcome.Objects.Single();
        Assert.Equal([nodes[0].Name], overlay.Nodes.Select(node => node.Name));
        Assert.Equal([true, null, null], overlay.NatRepairs.Select(state => state.RuleActive));
        var traces = await TracesAsync();
        Assert.NotEqual("", traces[0]);
        Assert.Equal(["", ""], traces.Skip(1));
        await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "gpasswd -d admin docker; gpasswd -d debian docker")));
    }

    [Fact]
    public async Task Without_nft_and_without_a_way_to_install_it_the_host_is_left_as_it_is()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        var host = lab.Hosts[1];
        await lab.ExecAsync(host, "mount --bind /dev/null /usr/sbin/nft; mount --bind /dev/null /usr/bin/apt-get");
        try
        {
            var outcome = session.Run("$n | New-EncryptedOverlay -Name internal", ("n", nodes));

            Assert.Equal(["NftablesMissing"], outcome.ErrorIds);
            Assert.Equal([true, null, true], ((SwarmOverlay)outcome.Objects.Single()).NatRepairs.Select(state => state.RuleActive));
            Assert.Equal("", await lab.ExecAsync(host, "ls /etc/swarmops /etc/systemd/system/swarmops* 2>/dev/null; true"));
        }
        finally
        {
            await lab.ExecAsync(host, "umount /usr/sbin/nft /usr/bin/apt-get");
        }
    }

    [Fact]
    public async Task A_kernel_that_refuses_the_rule_is_warned_of_and_the_rule_waits_on_the_disk()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await FormAsync();
        var host = lab.Hosts[1];
        // This machine's kernel takes the rule: an nft that answers like a kernel without the match for IPsec stands in for one that does not.
        await lab.ExecAsync(
            host,
            "printf '#!/bin/sh\\necho \"Error: Could not process rule: No such file or directory\" >&2; exit 1\\n' > /tmp/nft; chmod +x /tmp/nft; mount --bind /tmp/nft /usr/sbin/nft"
        );
        Outcome outcome;
        try
        {
            outcome = session.Run("$n | New-EncryptedOverlay -Name internal", ("n", nodes)).ThrowOnError();
        }
        finally
        {
            await lab.ExecAsync(host, "umount /usr/sbin/nft");
        }

        Assert.Contains(
            $"'{host.Name}': the running kernel rejected the NAT rule",
            Assert.Single(outcome.Warnings),
            StringComparison.Ordinal
        );
        Assert.Equal(
            [(true, true), (false, true), (true, true)],
            ((SwarmOverlay)outcome.Objects.Single()).NatRepairs.Select(state => (state.RuleActive!.Value, state.RulePersistent!.Value))
        );
        await lab.OnLabAsync("host", "reboot", host.Name, "--wait");
        Assert.Contains("udp checksum set 0", await lab.ExecAsync(host, "nft list table inet swarmops"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait(AnyEngine.Name, AnyEngine.Value)]
    public async Task Bad_input_is_refused_by_name_and_nothing_changes()
    {
        var nodes = await FormAsync();
        session.Run("$n | New-EncryptedOverlay -Name taken -Subnet 10.88.0.0/24 -Label @{ stage = 'prod' }", ("n", nodes)).ThrowOnError();
        await lab.ExecAsync(
            lab.Hosts[1],
            "docker network rm local-only other-local 2>/dev/null; docker network create local-only; docker network create --subnet 172.30.0.0/24 -d bridge other-local"
        );
        await lab.ExecAsync(lab.Hosts[0], "docker network create -d overlay --attachable ownplain");
        var before = (await NetworksAsync(), await TracesAsync());
        var gatewayBridge = (await InspectAsync(lab.Hosts[2], "docker_gwbridge", "{{(index .IPAM.Config 0).Subnet}}")).Trim();

        (string Command, string ErrorId)[] cases =
        [
            ("New-EncryptedOverlay -Name ''", "ParameterArgumentValidationError"),
            ("New-EncryptedOverlay -Name 'a b'", "OverlayNameInvalid"),
            ("New-EncryptedOverlay -Name 'a.b'", "OverlayNameInvalid"),
            ("New-EncryptedOverlay -Name '-a'", "OverlayNameInvalid"),
            ($"New-EncryptedOverlay -Name '{new string('a', 64)}'", "OverlayNameInvalid"),
            ("New-EncryptedOverlay -Name 'a;reboot'", "OverlayNameInvalid"),
            ("New-EncryptedOverlay -Name ingress", "OverlayNameReserved"),
            ("New-EncryptedOverlay -Name host", "OverlayNameReserved"),
            ("New-EncryptedOverlay -Name docker_gwbridge", "OverlayNameReserved"),
            ("New-EncryptedOverlay -Name new -Subnet 10.9.0.0", "SubnetInvalid"),
            ("New-EncryptedOverlay -Name new -Subnet 10.9.0.0/33", "SubnetInvalid"),
            ("New-EncryptedOverlay -Name new -Subnet 10.9/16", "SubnetInvalid"),
            ("New-EncryptedOverlay -Name new -Subnet nonsense", "SubnetInvalid"),
            ("New-EncryptedOverlay -Name new -Subnet 10.9.0.5/24", "SubnetHostBitsSet"),
            ("New-EncryptedOverlay -Name new -Subnet fd00:9::/64", "SubnetIPv6NotSupported"),
            ("New-EncryptedOverlay -Name new -Subnet 10.9.0.0/31", "SubnetTooSmall"),
            ("New-EncryptedOverlay -Name new -Subnet 0.0.0.0/0", "SubnetTooLarge"),
            ("New-EncryptedOverlay -Name new -Subnet 127.0.0.0/24", "SubnetReserved"),
            ("New-EncryptedOverlay -Name new -Subnet 224.0.0.0/24", "SubnetReserved"),
            ("New-EncryptedOverlay -Name new -Subnet 10.9.0.0/24, 10.9.0.0/25", "SubnetGivenTwice"),
            ("New-EncryptedOverlay -Name new -Subnet 10.88.0.0/16", "SubnetOverlaps"),
            ("New-EncryptedOverlay -Name new -Subnet 10.0.0.0/24", "SubnetOverlaps"),
            ("New-EncryptedOverlay -Name new -Subnet 10.0.0.0/8", "SubnetOverlaps"),
            ($"New-EncryptedOverlay -Name new -Subnet {gatewayBridge}", "SubnetOverlaps"),
            ("New-EncryptedOverlay -Name new -Gateway 10.9.0.1", "GatewayWithoutSubnet"),
            ("New-EncryptedOverlay -Name new -Subnet 10.9.0.0/24 -Gateway 10.10.0.1", "GatewayNotInSubnet"),
            ("New-EncryptedOverlay -Name new -Subnet 10.9.0.0/24 -Gateway 10.9.0.255", "GatewayNotUsable"),
            ("New-EncryptedOverlay -Name new -Subnet 10.9.0.0/24 -Gateway 10.9.0.1, 10.9.0.2", "GatewayGivenTwice"),
            ("New-EncryptedOverlay -Name new -Subnet 10.9.0.0/24 -Gateway gw", "GatewayInvalid"),
            ("New-EncryptedOverlay -Name new -Mtu 100", "MtuInvalid"),
            ("New-EncryptedOverlay -Name new -Mtu 70000", "MtuInvalid"),
            ("New-EncryptedOverlay -Name new -Mtu many", "CannotConvertArgumentNoMessage"),
            ("New-EncryptedOverlay -Name new -Label @{ '' = 'x' }", "OverlayLabelInvalid"),
            ("New-EncryptedOverlay -Name new -Label @{ 'a=b' = 'x' }", "OverlayLabelInvalid"),
            ("New-EncryptedOverlay -Name new -TimeoutSeconds 0", "ParameterArgumentValidationError"),
            ("New-EncryptedOverlay -Name local-only", "LocalNetworkExists"),
            ("New-EncryptedOverlay -Name ownplain", "OverlayDiffers"),
            ("New-EncryptedOverlay -Name taken -Unencrypted", "OverlayDiffers"),
            ("New-EncryptedOverlay -Name taken -Subnet 10.89.0.0/24", "OverlayDiffers"),
            ("New-EncryptedOverlay -Name taken -Mtu 1300", "OverlayDiffers"),
            ("New-EncryptedOverlay -Name taken -NotAttachable", "OverlayDiffers"),
            ("New-EncryptedOverlay -Name taken -Label @{ stage = 'test' }", "OverlayDiffers"),
            ("Get-SwarmOverlay -Name nowhere", "OverlayNotFound"),
            ("Remove-SwarmOverlay -Name nowhere -Confirm:$false", "OverlayNotFound"),
            ("Remove-SwarmOverlay -Name 'tak*' -Confirm:$false", "OverlayNameInvalid"),
            ("Remove-SwarmOverlay -Name ingress -Confirm:$false", "OverlayNameReserved"),
        ];
        foreach (var (command, errorId) in cases)
        {
            var outcome = session.Run($"$n | {command}", ("n", nodes));
            Assert.Equal((command, errorId), (command, string.Join(",", outcome.ErrorIds)));
            Assert.Empty(outcome.Objects);
        }

        var others = session.Run("[SwarmOps.SwarmOverlay]::new() | Remove-SwarmOverlay -Confirm:$false");
        var workers = session.Run("$n | New-EncryptedOverlay -Name new", ("n", nodes.Skip(1).ToArray()));
        var differs = session.Run("$n | New-EncryptedOverlay -Name taken -Mtu 1300 -Label @{ stage = 'test' }", ("n", nodes));

        Assert.Equal(["NoNodeGiven"], others.ErrorIds);
        Assert.Equal(["NoManagerInSet"], workers.ErrorIds);
        Assert.Contains(
            "mtu: wanted 1300, is the engine's default; label stage: wanted 'test', is 'prod'",
            differs.Errors[0].Exception.Message,
            StringComparison.Ordinal
        );
        Assert.All(differs.Errors, error => Assert.NotEmpty(error.ErrorDetails.RecommendedAction));
        Assert.Equal(before, (await NetworksAsync(), await TracesAsync()), new ByContents());
        await lab.ExecAsync(lab.Hosts[1], "docker network rm local-only other-local");
    }

    [Fact]
    public async Task A_network_that_the_swarm_cannot_allocate_is_told_of_and_taken_away_again()
    {
        await lab.ResetAsync();
        var host = lab.Hosts[0];
        await lab.ExecAsync(
            host,
            $"docker swarm init --advertise-addr {host.PublicAddress} --listen-addr {host.PrivateAddress} --default-addr-pool 10.50.0.0/24 --default-addr-pool-mask-length 24"
        );
        var node = session.Node(host);

        var outcome = session.Run("$n | New-EncryptedOverlay -Name starved -SkipNatRepair -TimeoutSeconds 3", ("n", node));

        Assert.Equal(["OverlayNotAllocated"], outcome.ErrorIds);
        Assert.DoesNotContain("starved", await lab.ExecAsync(host, "docker network ls --format '{{.Name}}'"), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Names(Outcome outcome) =>
        [.. outcome.ThrowOnError().Objects.Cast<SwarmOverlay>().Select(overlay => overlay.Name)];

    private async Task<SwarmNode[]> FormAsync()
    {
        await lab.ResetAsync();
        return [.. session.Run("$n | Initialize-Swarm | Join-SwarmAsWorker", ("n", session.Nodes(lab))).ThrowOnError().Nodes];
    }

    private async Task JoinAsync(LabHost manager, LabHost host, string advertised, string at)
    {
        var token = (await lab.ExecAsync(manager, "docker swarm join-token -q worker")).Trim();
        await lab.ExecAsync(
            host,
            string.Create(
                CultureInfo.InvariantCulture,
                $"docker swarm join --token {token} --advertise-addr {advertised} --listen-addr {host.PrivateAddress} {at}:2377"
            )
        );
    }

    private async Task<string> InspectAsync(LabHost host, string network, string format) =>
        (await lab.ExecAsync(host, $"docker network inspect -f '{format}' {network}")).Trim();

    private Task<string[]> TracesAsync() => TracesAsync([.. lab.Hosts]);

    private Task<string[]> TracesAsync(params LabHost[] hosts) => Task.WhenAll(hosts.Select(host => lab.ExecAsync(host, Traces)));

    /// <summary>All networks but those that a worker gets some time after it joined.</summary>
    private Task<string[]> NetworksAsync() =>
        Task.WhenAll(
            lab.Hosts.Select(host =>
                lab.ExecAsync(
                    host,
                    "docker network ls --no-trunc --format '{{.ID}} {{.Name}} {{.Driver}} {{.Scope}}' | grep -vE ' (ingress|docker_gwbridge) ' | sort"
                )
            )
        );

    private sealed class ByContents : IEqualityComparer<(string[], string[])>
    {
        public bool Equals((string[], string[]) x, (string[], string[]) y) =>
            x.Item1.SequenceEqual(y.Item1) && x.Item2.SequenceEqual(y.Item2);

        public int GetHashCode((string[], string[]) obj) => 0;
    }
}
