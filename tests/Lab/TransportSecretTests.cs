using System.Collections;
using System.Management.Automation;
using System.Net;
using System.Security;

namespace SwarmOps.Tests.Lab;

/// <summary>A secret given to a stage is in nothing that comes out of it.</summary>
public sealed class TransportSecretTests(LabFixture lab)
{
    private const string Canary = "canary-3f9a71c2";

    [Theory]
    [InlineData("$node | Get-SwarmNode -Credential $credential -Verbose")]
    [InlineData("$node | Get-SwarmNode -PrivateKey $key -Verbose")]
    [InlineData("$node | Get-SwarmNode -PrivateKey $lockedKey -KeyPassphrase $secret -Verbose")]
    [InlineData(
        "New-SwarmNode -Name n -DockerHost $node.DockerHost -HostKeyFingerprint $node.HostKeyFingerprint -PrivateKey $key -KeyPassphrase $secret -Credential $credential -Verbose | ForEach-Object { $_; $_ | Get-SwarmNode -Verbose }"
    )]
    [InlineData("New-SwarmNode -Name n -DockerHost 'ssh://root:canary-3f9a71c2@203.0.113.1'")]
    public async Task A_canary_is_nowhere_in_what_comes_out(string script)
    {
        using var session = new Session();
        var key = await LockedKeyAsync();
        using var shell = session.Create(
            $"Set-StrictMode -Version Latest; $DebugPreference = 'Continue'; $InformationPreference = 'Continue'\n{script}",
            ("node", session.Node(lab.Hosts[0])),
            ("secret", Secure(Canary)),
            ("credential", new PSCredential("root", Secure(Canary))),
            ("key", Secure($"-----BEGIN OPENSSH PRIVATE KEY-----\n{Canary}\n-----END OPENSSH PRIVATE KEY-----\n")),
            ("lockedKey", Secure(key))
        );
        var all = new List<object?>();
        try
        {
            all.AddRange(shell.Invoke());
        }
        catch (RuntimeException exception)
        {
            all.Add(exception.ErrorRecord);
        }

        all.AddRange(shell.Streams.Error);
        Assert.NotEmpty(all);
        all.AddRange(shell.Streams.Verbose);
        all.AddRange(shell.Streams.Warning);
        all.AddRange(shell.Streams.Debug);
        all.AddRange(shell.Streams.Information);
        all.AddRange(shell.Streams.Progress);
        foreach (var item in all)
        {
            Assert.DoesNotContain(Canary, PSSerializer.Serialize(WithoutCommandLine(item), 5), StringComparison.Ordinal);
            Assert.DoesNotContain(Canary, Everything(item, 0), StringComparison.Ordinal);
        }
    }

    private static SecureString Secure(string text) => new NetworkCredential("", text).SecurePassword;

    /// <summary>What PowerShell itself keeps of the line that the user typed is not ours; an error is judged without it.</summary>
    private static object? WithoutCommandLine(object? item) =>
        (item is PSObject wrapped ? wrapped.BaseObject : item) switch
        {
            ErrorRecord record => new[]
            {
                record.FullyQualifiedErrorId,
                record.ToString(),
                record.Exception.ToString(),
                record.TargetObject,
                record.ErrorDetails?.RecommendedAction,
                record.CategoryInfo.ToString(),
            },
            InformationalRecord record => record.Message,
            var other => other,
        };

    /// <summary>Every public property, as Format-List * -Force shows it, some levels deep.</summary>
    private static string Everything(object? item, int depth)
    {
        item = WithoutCommandLine(item);
        if (item is null or string || item.GetType().IsPrimitive || depth > 3)
            return item?.ToString() ?? "";
        if (item is IEnumerable many)
            return string.Join('\n', many.Cast<object?>().Select(one => Everything(one, depth + 1)));
        return item
            + "\n"
            + string.Join(
                '\n',
                PSObject.AsPSObject(item).Properties.Select(property => $"{property.Name}={Everything(Value(property), depth + 1)}")
            );
    }

    private static object? Value(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }

    /// <summary>A key that no node accepts, under the canary as its passphrase.</summary>
    private static async Task<string> LockedKeyAsync()
    {
        var folder = Directory.CreateTempSubdirectory("swarmops-").FullName;
        var path = Path.Combine(folder, "key");
        var made = await Shell.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", Canary, "-f", path);
        Assert.True(made.ExitCode == 0, made.Error);
        var text = await File.ReadAllTextAsync(path);
        Directory.Delete(folder, recursive: true);
        return text;
    }
}
