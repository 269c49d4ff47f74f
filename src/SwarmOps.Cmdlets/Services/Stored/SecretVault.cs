using System.Management.Automation;
using System.Security;
using System.Text;

namespace SwarmOps.Services.Stored;

/// <summary>The session's SecretManagement module, which is optional. On the pipeline thread only.</summary>
/// <param name="cmdlet">The cmdlet whose session it is.</param>
/// <param name="name">Name of the secret, in the vault and in the swarm.</param>
/// <param name="vault">Name of the vault; null for the default one.</param>
internal sealed class SecretVault(PSCmdlet cmdlet, string name, string? vault)
{
    /// <summary>How SecretManagement says that a secret does not exist; the category of that error is also that of a command that a vault lacks.</summary>
    private const string NotFound = "GetSecretNotFound";

    private const string Script = "param($command, $arguments) & $command @arguments";

    /// <summary>Throws if the module is not available.</summary>
    /// <exception cref="SwarmOpsException"><c>VaultMissing</c>.</exception>
    public void Check()
    {
        if (Find("Set-Secret") is null || Find("Get-Secret") is null)
            throw StoredErrors.VaultMissing(name);
    }

    /// <summary>Returns the vault's value if it has one; otherwise stores the value and returns it. A vault that does not answer may have one, which must not be replaced.</summary>
    /// <exception cref="SwarmOpsException"><c>VaultRefused</c>.</exception>
    public byte[] Exchange(byte[] value)
    {
        if (Read() is { } held)
        {
            Array.Clear(value);
            return held switch
            {
                SecureString text => SecretBytes.From(text),
                string text => Encoding.UTF8.GetBytes(text),
                _ => throw StoredErrors.VaultRefused(name, $"it contains a {held.GetType().Name} under this name, not a string."),
            };
        }

        Write(value);
        return value;
    }

    /// <summary>Replaces the value in the vault.</summary>
    /// <exception cref="SwarmOpsException"><c>VaultRefused</c>.</exception>
    public void Write(byte[] value)
    {
        using var text = new SecureString();
        var characters = Encoding.UTF8.GetChars(value);
        foreach (var character in characters)
            text.AppendChar(character);
        Array.Clear(characters);
        text.MakeReadOnly();
        Run(
            "Set-Secret",
            new()
            {
                ["Name"] = name,
                ["SecureStringSecret"] = text,
                ["ErrorAction"] = ActionPreference.Stop,
            }
        );
    }

    /// <summary>What the vault has; null when it says that it has none.</summary>
    private object? Read()
    {
        try
        {
            return Run("Get-Secret", new() { ["Name"] = name, ["ErrorAction"] = ActionPreference.Stop });
        }
        catch (SwarmOpsException error)
            when (error.InnerException is RuntimeException { ErrorRecord.FullyQualifiedErrorId: { } id } && id.Split(',')[0] == NotFound)
        {
            return null;
        }
    }

    private object? Run(string command, Dictionary<string, object> arguments)
    {
        if (vault is not null)
            arguments["Vault"] = vault;
        try
        {
            var answer = cmdlet.InvokeCommand.InvokeScript(
                Script,
                false,
                System.Management.Automation.Runspaces.PipelineResultTypes.None,
                null,
                Find(command),
                new System.Collections.Hashtable(arguments)
            );
            return answer.Count > 0 ? answer[0]?.BaseObject : null;
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            throw StoredErrors.VaultRefused(name, exception.Message, exception);
        }
    }

    private CommandInfo? Find(string command) => cmdlet.InvokeCommand.GetCommand(command, CommandTypes.Cmdlet | CommandTypes.Function);
}
