using System.Management.Automation;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>What a vault has is taken, and never replaced because the vault did not answer.</summary>
[Collection(nameof(PipelineLog))]
public sealed class SecretVaultTests : IDisposable
{
    private const string Vault = """
        $set = 0
        function Set-Secret { [CmdletBinding()] param($Name, $SecureStringSecret) $script:set++ }
        function Fail($words, $id, $category) {
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([InvalidOperationException]::new($words), $id, $category, $null))
        }
        function Get-Secret { [CmdletBinding()] param($Name) @GET@ }
        try { Sync-Vault } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }
        $set
        """;

    private readonly PipelineSession session = new();

    public void Dispose() => session.Dispose();

    [Theory]
    [InlineData("Fail 'The secret was not found.' GetSecretNotFound ObjectNotFound", "new", 1)]
    [InlineData("", "new", 1)]
    [InlineData("'held'", "held", 0)]
    public void A_value_is_stored_where_there_is_none(string get, string value, int stored) =>
        Assert.Equal(new object[] { value, stored }, Run(get).Select(item => item.BaseObject));

    [Theory]
    [InlineData("throw 'The vault is locked.'")]
    [InlineData("Fail 'The vault is locked.' GetSecretInvalidOperation InvalidOperation")]
    [InlineData("Get-NoSuchThing 'The vault is locked.'")]
    public void A_vault_that_does_not_answer_keeps_what_it_may_have(string get)
    {
        var said = Run(get);

        Assert.Equal("VaultRefused,SwarmOps.Tests.Unit.SyncVaultCommand", said[0].BaseObject);
        Assert.StartsWith("The vault could not store or return the secret 'shop': ", (string)said[1].BaseObject, StringComparison.Ordinal);
        Assert.Equal(0, said[2].BaseObject);
    }

    private List<PSObject> Run(string get)
    {
        using var shell = session.Create(Vault.Replace("@GET@", get, StringComparison.Ordinal));
        return [.. shell.Invoke()];
    }
}
