using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Schema;

/// <summary>Finds what in a schema, in its code and in applications' statements does not work with Galera.</summary>
[Cmdlet(VerbsDiagnostic.Test, "GaleraSchema")]
[OutputType(typeof(GaleraFinding), typeof(bool))]
public sealed class TestGaleraSchemaCommand : NodeSetCmdlet
{
    /// <summary>Name of the cluster.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string Name { get; set; } = "galera";

    /// <summary>Names of the databases to check, with wildcards; by default all but the server's own.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Database { get; set; } = [];

    /// <summary>Size of data and indexes in bytes above which a table is a finding.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long LargeTableSize { get; set; } = 1L << 30;

    /// <summary>A database account for reading the schema, instead of root with the cluster's secret.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RootCredential { get; set; }

    /// <summary>How long each server may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>Returns one boolean instead of the findings: whether nothing failed and every node was read completely.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    private protected override async Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var findings = await new TestGaleraSchemaOperation(
            context,
            new TestGaleraSchemaRequest(nodes, Name)
            {
                Databases = NameFilters.From(Database),
                LargeTable = LargeTableSize,
                Login = RootCredential?.GetNetworkCredential(),
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync().ConfigureAwait(false);
        if (Quiet)
        {
            context.WriteObject(!findings.Any(IsFailure));
            return;
        }

        foreach (var finding in findings)
            context.WriteObject(finding);
    }

    /// <summary>Statements of applications are not recorded by default, so their absence alone is no failure.</summary>
    private static bool IsFailure(GaleraFinding finding) =>
        finding.Result == FindingResult.Fail
        || (finding is { Result: FindingResult.NotTested, Check: CoverageChecks.NodeRead or CoverageChecks.Privileges });
}
