using System.Management.Automation;
using SwarmOps.Galera;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Databases;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Recovery.Taking;

/// <summary>Backs up a swarm: the raft state of one manager, copied while its engine is held, tried in a scratch engine, and kept as one encrypted file.</summary>
[Cmdlet(VerbsData.Backup, "Swarm", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SwarmBackup))]
public sealed class BackupSwarmCommand : RecoveryCmdlet
{
    /// <summary>Where the backup is kept: a folder, which is created, or s3://bucket/prefix.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Name of the manager whose state is copied; by default one that is not the leader and has the fewest tasks.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string? On { get; set; }

    /// <summary>How its engine is kept from writing meanwhile: Stop, as Docker documents, or Freeze, which stops no container.</summary>
    [Parameter]
    public SwarmBackupMethod Method { get; set; }

    /// <summary>How many backups of this swarm stay at the destination; older ones are deleted when the new one is complete. By default none is deleted.</summary>
    [Parameter]
    [ValidateRange(1, 10000)]
    public int Keep { get; set; }

    /// <summary>Makes the backup without trying it in a scratch engine.</summary>
    [Parameter]
    public SwitchParameter SkipTrial { get; set; }

    /// <summary>Names of Galera clusters, with wildcards, whose databases are backed up with the swarm: by mariadb-backup of one Synced node, prepared in a container of its own as a trial.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string[] Galera { get; set; } = [];

    /// <summary>Name of the host whose Galera node is backed up; by default a Synced one that clients write to least.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string? GaleraNode { get; set; }

    /// <summary>A database account that may back up and desync, if root's password differs from the cluster's secret.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RootCredential { get; set; }

    /// <summary>How long the backup of one database may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(60, 604800)]
    public int GaleraTimeoutSeconds { get; set; } = 43200;

    /// <summary>How long to wait until the manager takes part in the swarm again, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override string GivenPlace => Destination;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new BackupOperation(
            context,
            new BackupRequest(nodes, Place(), PassphraseText())
            {
                On = On,
                Method = Has(nameof(Method)) ? Method : null,
                Keep = Has(nameof(Keep)) ? Keep : null,
                SkipTrial = SkipTrial,
                Databases = new DatabaseSettings(NameFilters.From(Galera))
                {
                    On = GaleraNode,
                    Login = RootCredential?.GetNetworkCredential(),
                    SkipTrial = SkipTrial,
                    Limit = TimeSpan.FromSeconds(GaleraTimeoutSeconds),
                    Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                    ThrottleLimit = ThrottleLimit,
                },
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
