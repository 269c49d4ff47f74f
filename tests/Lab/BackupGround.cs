using System.Net;
using System.Security;

namespace SwarmOps.Tests.Lab;

/// <summary>What the tests of backups stand on: a folder that keeps them, their passphrase, and the loss of hosts.</summary>
internal sealed class BackupGround(LabFixture lab) : IDisposable
{
    private const string Words = "correct horse battery";

    /// <summary>The passphrase.</summary>
    public static SecureString Passphrase { get; } = new NetworkCredential("", Words).SecurePassword;

    /// <summary>Another one.</summary>
    public static SecureString WrongPassphrase { get; } = new NetworkCredential("", "wrong horse battery").SecurePassword;

    /// <summary>The session.</summary>
    public Session Session { get; } = new();

    /// <summary>Where backups are kept.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("swarmops-").FullName;

    /// <summary>Runs a command that finds the nodes in <c>$n</c>, the folder in <c>$f</c> and the passphrase in <c>$p</c>.</summary>
    public Outcome Run(string script, IReadOnlyList<SwarmNode> nodes, string? place = null, SecureString? passphrase = null) =>
        Session.Run(script, ("n", nodes), ("f", place ?? Folder), ("p", passphrase ?? Passphrase));

    /// <summary>Backs up the swarm, and what the options name.</summary>
    public SwarmBackup Backup(IReadOnlyList<SwarmNode> nodes, string options)
    {
        var backup = (SwarmBackup)
            Run($"$n | Backup-Swarm -Destination $f -Passphrase $p -Confirm:$false {options}", nodes).ThrowOnError().Objects.Single();
        Assert.True(File.Exists(backup.Path));
        return backup;
    }

    /// <summary>A script for a process of its own (<see cref="KillRun"/>): the nodes, piped into a command.</summary>
    /// <param name="command">The command and its parameter for the folder, such as <c>Backup-Swarm -Destination</c>.</param>
    /// <param name="options">Further parameters.</param>
    public string Script(string command, string options)
    {
        var path = Path.Combine(Folder, $"{Guid.NewGuid():N}.ps1");
        File.WriteAllText(
            path,
            $"{KillRun.Nodes(lab)} | {command} '{Folder}' -Passphrase ([System.Net.NetworkCredential]::new('', '{Words}').SecurePassword) {options} -Confirm:$false"
        );
        return path;
    }

    /// <summary>The disks are lost: the engines come back bare.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="more">What else is lost, as a command for each host.</param>
    public async Task LoseAsync(IEnumerable<LabHost> hosts, string more = "")
    {
        var reset = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "reset-engine.sh"));
        await Task.WhenAll(
            hosts.Select(async host =>
            {
                await lab.ExecAsync(host, reset);
                if (more.Length > 0)
                    await lab.ExecAsync(host, more);
            })
        );
    }

    public void Dispose()
    {
        Session.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
