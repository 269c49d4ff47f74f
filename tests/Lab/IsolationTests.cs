namespace SwarmOps.Tests.Lab;

/// <summary>What else is loaded in a session does not matter, and the module leaves nothing in it but what its manifest names.</summary>
public sealed class IsolationTests(LabFixture lab)
{
    [Fact]
    public async Task Other_versions_of_the_packages_in_the_session_do_not_matter()
    {
        await lab.ResetAsync();
        var host = lab.Hosts[0];
        var files = Repository.ForeignAssemblies;
        Assert.All(files, file => Assert.True(File.Exists(file), file));
        var script = $$"""
            $ErrorActionPreference = 'Stop'
            Set-StrictMode -Version Latest
            $foreign = foreach ($file in @('{{string.Join("', '", files)}}')) { [System.Reflection.Assembly]::LoadFrom($file) }
            $null = [Docker.DotNet.DockerClient], [Renci.SshNet.SshClient]::new(), [Amazon.RegionEndpoint]
            Import-Module '{{Repository.Module}}'
            $node = New-SwarmNode -Name isolated -DockerHost 'ssh://{{host.User}}@{{host.PublicAddress}}:{{host.SshPort}}' -PrivateAddress '{{host.PrivateAddress}}' -PublicAddress '{{host.PublicAddress}}' -KeyFilePath '{{host.KeyFile}}' -HostKeyFingerprint '{{host.HostKeyFingerprint}}'
            $member = $node | Initialize-Swarm -Confirm:$false
            'swarm {0} {1}' -f ($member -is [SwarmOps.SwarmNode]), ($member.SwarmId.Length -gt 20)
            $ours = [System.Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -eq 'SwarmOps'
            foreach ($assembly in $foreign) {
                $name = $assembly.GetName()
                $own = $ours.Assemblies | Where-Object { $_.GetName().Name -eq $name.Name }
                '{0} {1} {2}' -f $name.Name, [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext($assembly).Name, ($null -eq $own -or $own.GetName().Version -ne $name.Version -or $own.Location -ne $assembly.Location)
            }
            """;
        var path = Path.Combine(Path.GetTempPath(), $"isolation-{Guid.NewGuid():N}.ps1");
        await File.WriteAllTextAsync(path, script, TestContext.Current.CancellationToken);
        try
        {
            var result = await Shell.RunAsync(Repository.PowerShell, "-NoProfile", "-NonInteractive", "-File", path);
            Assert.True(result.ExitCode == 0, result.Output + result.Error);
            Assert.Equal(
                ["swarm True True", .. files.Select(file => Path.GetFileNameWithoutExtension(file) + " Default True")],
                result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            );
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_module_exports_what_its_manifest_names_and_nothing_else()
    {
        using var session = new Session();
        var exported = session
            .Run("(Get-Module SwarmOps).ExportedCommands.Keys")
            .ThrowOnError()
            .Objects.Cast<string>()
            .Order(StringComparer.Ordinal);
        Assert.Equal(FromManifest().Order(StringComparer.Ordinal), exported);
        var visible = session
            .Run("(Get-Command -Module SwarmOps*).Name")
            .ThrowOnError()
            .Objects.Cast<string>()
            .Order(StringComparer.Ordinal);
        Assert.Equal(exported, visible.Distinct());
    }

    [Fact]
    public void Importing_again_and_by_force_and_in_two_runspaces_warns_of_nothing()
    {
        for (var runspace = 0; runspace < 2; runspace++)
        {
            using var session = new Session();
            var again = session
                .Run(
                    $"Import-Module '{Repository.Module}' 3>&1; Import-Module '{Repository.Module}' -Force 3>&1; Remove-Module SwarmOps; Import-Module '{Repository.Module}' 3>&1"
                )
                .ThrowOnError();
            Assert.Empty(again.Objects);
            Assert.Empty(again.Warnings);
            var node = session.Run("[SwarmOps.SwarmNode] (New-SwarmNode -Name n -DockerHost ssh://root@203.0.113.1)").ThrowOnError();
            Assert.IsType<SwarmNode>(Assert.Single(node.Objects));
        }
    }

    [Fact]
    public void The_types_of_the_packages_cannot_be_named_in_a_script()
    {
        using var session = new Session();
        Assert.Equal(
            [true, true, true],
            session
                .Run(
                    "foreach ($name in 'Docker.DotNet.DockerClient', 'Renci.SshNet.SshClient', 'Polly.ResiliencePipeline') { $null -eq ($name -as [type]) }"
                )
                .ThrowOnError()
                .Objects
        );
    }

    private static IEnumerable<string> FromManifest()
    {
        var text = File.ReadAllText(Repository.Module);
        var block = System.Text.RegularExpressions.Regex.Match(text, @"CmdletsToExport\s*=\s*@\(([^)]*)\)").Groups[1].Value;
        return System.Text.RegularExpressions.Regex.Matches(block, "'([^']+)'").Select(match => match.Groups[1].Value);
    }
}
