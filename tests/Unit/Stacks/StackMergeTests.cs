using SwarmOps.Stacks;
using SwarmOps.Stacks.Model;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>Several files, include and extends, by the rules of the Compose specification ("Merge", "Include", "Extend").</summary>
public sealed class StackMergeTests
{
    [Fact]
    public void Commands_are_replaced_and_environments_merged_by_name()
    {
        var service = Merged(
            "command: a b\nentrypoint: [x]\nenvironment: [A=1, B=2]\nhealthcheck: {test: [CMD, a], interval: 5s}",
            "command: [c]\nentrypoint: y\nenvironment: {B: 3, C: 4}\nhealthcheck: {test: b}"
        );
        Assert.Equal(["c"], service.Command);
        Assert.Equal(["y"], service.Entrypoint);
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["A"] = "1",
                ["B"] = "3",
                ["C"] = "4",
            },
            service.Environment
        );
        Assert.Equal(["CMD-SHELL", "b"], service.Health!.Test);
        Assert.Equal(TimeSpan.FromSeconds(5), service.Health.Interval);
    }

    [Fact]
    public void Lists_are_appended_without_duplicates()
    {
        var service = Merged(
            "cap_add: [NET_ADMIN]\ndns: 1.1.1.1\ntmpfs: [/a]",
            "cap_add: [NET_ADMIN, SYS_TIME]\ndns: [8.8.8.8]\ntmpfs: /b"
        );
        Assert.Equal(["CAP_NET_ADMIN", "CAP_SYS_TIME"], service.CapabilityAdd);
        Assert.Equal(["1.1.1.1", "8.8.8.8"], service.Dns);
        Assert.Equal(["/a", "/b"], service.Mounts.Select(mount => mount.Target));
    }

    [Fact]
    public void Volumes_are_overridden_by_their_path()
    {
        var service = Merged("volumes: [/old:/data, /log:/log]", "volumes: [{type: bind, source: /new, target: /data}]");
        Assert.Equal(["/new", "/log"], service.Mounts.Select(mount => mount.Source));
    }

    [Fact]
    public void Ports_are_added_and_the_same_port_is_not_published_twice()
    {
        var service = Merged("ports: ['80:80', '81:81']", "ports: [{target: 80, published: 80, mode: host}, '82:82']");
        Assert.Equal([(80, true), (81, false), (82, false)], service.Ports.Select(port => (port.Published, port.OnHost)));
    }

    [Fact]
    public void Hosts_and_networks_are_merged_in_either_form()
    {
        var service = Merged(
            "extra_hosts: ['a:10.0.0.1']\nnetworks: [one]",
            "extra_hosts: {a: 10.0.0.1, b: '::1'}\nnetworks: {two: {aliases: [x]}}",
            "networks: {one: , two: }"
        );
        Assert.Equal(["10.0.0.1 a", "::1 b"], service.Hosts);
        Assert.Equal(["one", "two"], service.Networks.Select(network => network.Network));
        Assert.Equal(["x"], service.Networks[1].Aliases);
    }

    [Fact]
    public void Options_of_another_log_driver_are_not_kept()
    {
        Assert.Equal(
            ["b"],
            Merged("logging: {driver: syslog, options: {a: 1}}", "logging: {driver: journald, options: {b: 2}}").Logging!.Options.Keys
        );
        Assert.Equal(["a", "b"], Merged("logging: {driver: syslog, options: {a: 1}}", "logging: {options: {b: 2}}").Logging!.Options.Keys);
    }

    [Fact]
    public void Reset_removes_and_override_replaces()
    {
        var service = Merged(
            "ports: ['80:80']\nenvironment: {A: 1, B: 2}\nbuild: .\ncap_add: [NET_ADMIN]\ndeploy: {replicas: 3, labels: {x: y}}",
            "ports: !override ['81:81']\nenvironment: {A: !reset null}\nbuild: !reset null\ncap_add: !reset []\ndeploy: !override {replicas: 2}"
        );
        Assert.Equal([81], service.Ports.Select(port => port.Published));
        Assert.Equal(["B"], service.Environment.Keys);
        Assert.Empty(service.CapabilityAdd);
        Assert.Equal(2, service.Replicas);
        Assert.Empty(service.Labels);
    }

    [Fact]
    public void A_later_file_adds_services_and_objects()
    {
        var stack = new MemoryFiles(
            ("compose.yaml", "name: a\nservices: {web: {image: one}}"),
            ("more.yaml", "name: b\nservices: {web: {image: two}, db: {image: db, volumes: ['v:/v']}}\nvolumes: {v: }")
        ).Read(null, "compose.yaml", "more.yaml");
        Assert.Equal("b", stack.Name);
        Assert.Equal(["two", "db"], stack.Services.Select(service => service.Image));
        Assert.Equal(["v"], stack.Volumes.Select(volume => volume.Key));
    }

    [Fact]
    public void Problems_are_told_in_the_file_that_has_them()
    {
        var (_, problems) = new MemoryFiles(
            ("compose.yaml", "services: {web: {image: a, tty: 3}}"),
            ("more.yaml", "services:\n  web:\n    porst: []")
        ).TryRead(null, "compose.yaml", "more.yaml");
        Assert.Equal(
            [("compose.yaml", 1), ("more.yaml", 3)],
            problems.Select(problem => (Path.GetFileName(problem.At.File.Name), problem.At.Line))
        );
    }

    [Fact]
    public void A_service_extends_another_one()
    {
        var stack = MemoryFiles.Stack(
            """
            services:
              base: {image: base, environment: {A: 1}, ports: ['80:80']}
              middle: {extends: base, environment: {B: 2}, ports: !reset []}
              web: {extends: {service: middle}, image: web, environment: {A: 3}}
            """
        );
        var web = stack.Services.Single(service => service.Key == "web");
        Assert.Equal("web", web.Image);
        Assert.Equal(new Dictionary<string, string?> { ["A"] = "3", ["B"] = "2" }, web.Environment);
        Assert.Empty(web.Ports);
    }

    [Fact]
    public void A_service_extends_one_of_another_file_whose_paths_start_there()
    {
        var stack = new MemoryFiles(
            ("compose.yaml", "services: {web: {extends: {file: base/common.yaml, service: app}, env_file: own.env}}"),
            ("base/common.yaml", "services: {app: {image: app, env_file: app.env, extends: {service: root}}, root: {user: me, image: x}}"),
            ("base/app.env", "A=base\nB=base"),
            ("own.env", "B=own")
        ).Read();
        var web = Assert.Single(stack.Services);
        Assert.Equal("app", web.Image);
        Assert.Equal("me", web.User);
        Assert.Equal(new Dictionary<string, string?> { ["A"] = "base", ["B"] = "own" }, web.Environment);
    }

    [Fact]
    public void Included_files_have_a_folder_and_variables_of_their_own()
    {
        var stack = new MemoryFiles(
            (
                "compose.yaml",
                "include: [sub/compose.yaml, {path: [other/a.yaml, other/b.yaml], env_file: vars.env}]\nservices: {web: {image: \"web:$V\", depends_on: [db]}}"
            ),
            (".env", "V=1"),
            ("sub/.env", "V=2\nW=3"),
            ("sub/compose.yaml", "services: {db: {image: \"db:$V-$W\", env_file: db.env}}\nsecrets: {s: {file: s.txt}}"),
            ("sub/db.env", "X=y"),
            ("sub/s.txt", "secret"),
            ("vars.env", "TAG=9"),
            ("other/a.yaml", "services: {cache: {image: \"a:$TAG\", user: a}}"),
            ("other/b.yaml", "services: {cache: {image: \"b:$TAG\"}}")
        ).Read();
        Assert.Equal(["web:1", "db:1-3", "b:9"], stack.Services.Select(service => service.Image));
        Assert.Equal("a", stack.Services[2].User);
        Assert.Equal("y", stack.Services[1].Environment["X"]);
        Assert.Equal("secret"u8.ToArray(), stack.Secrets.Single().Value!.Bytes.ToArray());
    }

    [Fact]
    public void What_is_included_twice_alike_is_no_conflict() =>
        Assert.Single(
            new MemoryFiles(
                ("compose.yaml", "include: [a/compose.yaml, b/compose.yaml]\nservices: {web: {image: w}}"),
                ("a/compose.yaml", "networks: {n: {attachable: true}}"),
                ("b/compose.yaml", "networks: {n: {attachable: true}}")
            )
                .Read()
                .Networks,
            network => network.Key == "n"
        );

    [Fact]
    public void A_further_file_overrides_what_is_included() =>
        Assert.Equal(
            "new",
            new MemoryFiles(
                ("compose.yaml", "include: [sub/compose.yaml]"),
                ("sub/compose.yaml", "services: {db: {image: old}}"),
                ("more.yaml", "services: {db: {image: new}}")
            )
                .Read(null, "compose.yaml", "more.yaml")
                .Services.Single()
                .Image
        );

    private static StackService Merged(params string[] services)
    {
        var files = services
            .Select(
                (keys, index) =>
                    ($"{index}.yaml", $"services:\n  web:\n    image: nginx\n{MemoryFiles.Indented(keys, 4)}\nnetworks: {{one: , two: }}\n")
            )
            .ToArray();
        return new MemoryFiles(files).Read(null, [.. files.Select(file => file.Item1)]).Services.Single();
    }
}
