using System.Security;

namespace SwarmOps.Tests.Lab;

/// <summary>Secrets and configs on real engines.</summary>
public sealed class StoredTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_secret_is_made_once_arrives_as_it_was_given_and_shows_in_nothing_that_comes_out()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        const string text = "p@ss wörd\n'\"$x`";
        using var value = new SecureString();
        foreach (var character in text)
            value.AppendChar(character);

        var first = session
            .Run("$n | New-SwarmSecret -Name db-password -Value $v -Label @{ team = 'db' } -Verbose", ("n", nodes), ("v", value))
            .ThrowOnError();
        var again = session
            .Run("$n | New-SwarmSecret -Name db-password -Value $v -WarningAction SilentlyContinue", ("n", nodes), ("v", value))
            .ThrowOnError();
        var secret = (SwarmSecret)first.Objects.Single();

        Assert.Equal(("db-password", 1, "db-password", nodes[0].SwarmId), (secret.Name, secret.Version, secret.ObjectName, secret.SwarmId));
        Assert.Equal(SwarmFacts.Json(first.Objects), SwarmFacts.Json(again.Objects));
        Assert.DoesNotContain("wörd", SwarmFacts.Json(first.Objects) + string.Join('\n', first.Verbose), StringComparison.Ordinal);
        Assert.Equal(
            "db db-password 1",
            (
                await ServiceSwarm.ManagerAsync(
                    lab,
                    """docker secret inspect db-password -f '{{index .Spec.Labels "team"}} {{index .Spec.Labels "swarmops.name"}} {{index .Spec.Labels "swarmops.version"}}'"""
                )
            ).Trim()
        );
        Assert.Equal(text, await ReadAsync("--secret source=db-password,target=s", "/run/secrets/s"));
    }

    [Fact]
    public async Task What_is_made_has_the_length_and_alphabet_asked_for()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);

        var made = session.Run("$n | New-SwarmSecret -Name made -Generate -Length 80 -Alphabet 'ab'", ("n", nodes)).ThrowOnError();
        var again = session.Run("$n | New-SwarmSecret -Name made", ("n", nodes)).ThrowOnError();

        Assert.Equal(SwarmFacts.Json(made.Objects), SwarmFacts.Json(again.Objects));
        Assert.Empty(again.Warnings);
        Assert.Matches("^[ab]{80}$", await ReadAsync("--secret source=made,target=s", "/run/secrets/s"));
    }

    [Fact]
    public async Task WhatIf_changes_nothing()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);

        Assert.Empty(
            session
                .Run("$n | New-SwarmSecret -Name a -WhatIf; $n | New-SwarmConfig -Name a -Value x -WhatIf", ("n", nodes))
                .ThrowOnError()
                .Objects
        );

        Assert.Equal("", (await ServiceSwarm.ManagerAsync(lab, "docker secret ls -q; docker config ls -q")).Trim());
    }

    [Fact]
    public async Task A_config_is_taken_when_alike_refused_when_different_and_removed_when_unused()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        var file = Path.Combine(Path.GetTempPath(), $"config-{Guid.NewGuid():N}");
        await File.WriteAllBytesAsync(file, [0, 255, 10], TestContext.Current.CancellationToken);
        try
        {
            var made = session
                .Run("$n | New-SwarmConfig -Name motd -Value 'grüß'; $n | New-SwarmConfig -Name raw -Path $f", ("n", nodes), ("f", file))
                .ThrowOnError();
            var again = session
                .Run("$n | New-SwarmConfig -Name motd -Value 'grüß'; $n | New-SwarmConfig -Name raw -Path $f", ("n", nodes), ("f", file))
                .ThrowOnError();
            var differs = session.Run("$n | New-SwarmConfig -Name motd -Value 'other' -Label @{ a = 'b' }", ("n", nodes));

            Assert.Equal(SwarmFacts.Json(made.Objects), SwarmFacts.Json(again.Objects));
            Assert.Equal(["grüß", null], made.Objects.Cast<SwarmConfig>().Select(config => config.Content));
            Assert.Equal("ConfigDiffers", Assert.Single(differs.ErrorIds));
            Assert.Contains("content (6 bytes, wanted 5); label a", differs.Errors[0].Exception.Message, StringComparison.Ordinal);
            Assert.Equal("grüß", await ReadAsync("--config source=motd,target=/c", "/c", keep: true));

            var listed = session.Run("$n | Get-SwarmConfig -Name m*, nowhere", ("n", nodes));
            Assert.Equal("StoredNotFound", Assert.Single(listed.ErrorIds));
            Assert.Equal(["reader"], ((SwarmConfig)listed.Objects.Single()).Services);

            var used = session.Run("$n | Remove-SwarmConfig -Name motd, raw -Confirm:$false", ("n", nodes));
            Assert.Equal("StoredInUse", Assert.Single(used.ErrorIds));
            Assert.Contains("reader", used.Errors[0].Exception.Message, StringComparison.Ordinal);
            await ServiceSwarm.ManagerAsync(lab, "docker service rm reader");
            session.Run("$n | Get-SwarmConfig | Remove-SwarmConfig -Confirm:$false", ("n", nodes)).ThrowOnError();
            Assert.Equal("", (await ServiceSwarm.ManagerAsync(lab, "docker config ls -q")).Trim());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("New-SwarmSecret -Name 'a b'", "StoredNameInvalid")]
    [InlineData("New-SwarmSecret -Name a -Path /nowhere/x", "ValueFileNotFound")]
    [InlineData("New-SwarmSecret -Name a -Path /proc/self/mem", "ValueFileNotReadable")]
    [InlineData("New-SwarmSecret -Name a -Generate -Length 4", "GeneratedTooWeak")]
    [InlineData("New-SwarmSecret -Name a -Alphabet xx", "AlphabetInvalid")]
    [InlineData("New-SwarmSecret -Name a -Value ([securestring]::new())", "StoredValueEmpty")]
    [InlineData("New-SwarmConfig -Name a -Value ''", "StoredValueEmpty")]
    [InlineData("New-SwarmConfig -Name a -Value ('x' * 1001KB)", "StoredValueTooLarge")]
    [InlineData("New-SwarmConfig -Name a -Value x -Label @{ 'swarmops.name' = 'b' }", "StoredLabelReserved")]
    [InlineData("New-SwarmConfig -Name a -Value x -Label @{ 'a=b' = 'b' }", "StoredLabelInvalid")]
    [InlineData("Remove-SwarmSecret -Name 'a*' -Confirm:$false", "StoredNameInvalid")]
    [InlineData("Remove-SwarmSecret -Name nowhere -Confirm:$false", "StoredNotFound")]
    [InlineData("Get-SwarmSecret -Name nowhere", "StoredNotFound")]
    public async Task Bad_input_has_its_own_error_and_changes_nothing(string command, string id)
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);

        var outcome = session.Run($"$n | {command}", ("n", nodes));

        Assert.Equal(id, Assert.Single(outcome.ErrorIds));
        Assert.NotEmpty(outcome.Errors[0].ErrorDetails.RecommendedAction);
        Assert.Equal("", (await ServiceSwarm.ManagerAsync(lab, "docker secret ls -q; docker config ls -q")).Trim());
    }

    // The functions take what those of Microsoft.PowerShell.SecretManagement take; tests/Pester/SecretVault.Tests.ps1 has the module itself.
    private const string VaultModule = """
        New-Module -Name vault {
            $held = @{}
            function Set-Secret {
                [CmdletBinding()]
                param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [securestring] $SecureStringSecret, [string] $Vault)
                if ($Vault -eq 'locked') { throw 'The vault is locked.' }
                $held["$Vault/$Name"] = $SecureStringSecret.Copy()
            }
            function Get-Secret {
                [CmdletBinding()]
                param([Parameter(Mandatory)] [string] $Name, [string] $Vault, [switch] $AsPlainText)
                if (-not $held.ContainsKey("$Vault/$Name")) {
                    $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([System.InvalidOperationException]::new('No such secret.'), 'GetSecretNotFound', 'ObjectNotFound', $Name))
                }
                elseif ($AsPlainText) { [System.Net.NetworkCredential]::new('', $held["$Vault/$Name"]).Password }
                else { $held["$Vault/$Name"] }
            }
        } | Import-Module
        """;

    [Fact]
    public async Task A_vault_and_the_swarm_get_the_same_value_and_what_the_vault_has_is_taken()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session.Run(VaultModule).ThrowOnError();
        string Held(string name, string vault) =>
            (string)session.Run($"Get-Secret -Name {name} -Vault '{vault}' -AsPlainText").ThrowOnError().Objects.Single();

        session.Run("$n | New-SwarmSecret -Name made -AsVault -Vault v -Length 40", ("n", nodes)).ThrowOnError();
        session
            .Run(
                "Set-Secret -Name had -SecureStringSecret ([System.Net.NetworkCredential]::new('', 'from the vault').SecurePassword); $null = $n | New-SwarmSecret -Name had -AsVault",
                ("n", nodes)
            )
            .ThrowOnError();

        Assert.Matches("^[A-Za-z0-9]{40}$", Held("made", "v"));
        Assert.Equal(Held("made", "v"), await ReadAsync("--secret source=made,target=s", "/run/secrets/s"));
        Assert.Equal("from the vault", await ReadAsync("--secret source=had,target=s", "/run/secrets/s"));

        var before = Held("made", "v");
        var rotated = session.Run("$n | Update-SwarmSecret -Name made -AsVault -Vault v", ("n", nodes)).ThrowOnError();
        Assert.NotEqual(before, Held("made", "v"));
        Assert.Equal(
            Held("made", "v"),
            await ReadAsync($"--secret source={((SwarmSecret)rotated.Objects.Single()).ObjectName},target=s", "/run/secrets/s")
        );

        var refused = session.Run("$n | New-SwarmSecret -Name never -AsVault -Vault locked", ("n", nodes));
        Assert.Equal("VaultRefused", Assert.Single(refused.ErrorIds));
        Assert.Contains("The vault is locked.", refused.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "never",
            await ServiceSwarm.ManagerAsync(lab, "docker secret ls --format '{{.Name}}'"),
            StringComparison.Ordinal
        );
    }

    /// <summary>Reads a file in a container of a service, as the service sees it. Found by the service's id: an earlier one of the same name may still be ending.</summary>
    private async Task<string> ReadAsync(string options, string path, bool keep = false)
    {
        var script = $"""
            service=$(docker service create -q --detach --name reader --constraint node.role==manager {options} lab/busybox:latest sleep 600)
            for try in $(seq 300); do
                container=$(docker ps -q -f label=com.docker.swarm.service.id=$service)
                [ -n "$container" ] && text=$(docker exec $container cat {path} 2>/dev/null) && printf %s "$text" && break
                sleep 0.1
            done
            """;
        var text = await ServiceSwarm.ManagerAsync(lab, script);
        if (!keep)
            await ServiceSwarm.ManagerAsync(lab, "docker service rm reader >/dev/null");
        return text;
    }
}
