using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Folders.Proof;

/// <summary>Tests shared folders: writes a test file on each node, looks for it with its hash on every other, and measures the time.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SwarmSharedFolder", DefaultParameterSetName = ByName)]
[OutputType(typeof(SwarmSharedFolderPath), typeof(bool))]
public sealed class TestSwarmSharedFolderCommand : ThrottledCmdlet
{
    private const string ByName = "ByName";
    private const string ByFolder = "ByFolder";

    private readonly List<SwarmSharedFolderPath> paths = [];

    private readonly TargetInput<SwarmSharedFolder> input = new(
        folder => folder.SwarmId,
        folder => folder.Nodes,
        folder => FolderErrors.FolderNodeMissing(folder.Name)
    );

    /// <summary>The nodes of the swarm; the default for folders from the pipeline is their node set.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByFolder)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Names of the folders.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The folders, from <c>New-SwarmSharedFolder</c> or <c>Get-SwarmSharedFolder</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByFolder)]
    [ValidateNotNullOrEmpty]
    public SwarmSharedFolder[] InputObject { get; set; } = [];

    /// <summary>Size of each test file in bytes.</summary>
    [Parameter]
    [ValidateRange(1, 1L << 30)]
    public long Size { get; set; } = 1024;

    /// <summary>How long the test files may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>Returns only whether every file arrived unchanged.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessAsync(IOperationContext context)
    {
        if (ParameterSetName == ByFolder)
            input.Add(InputObject);
        else
            input.Add(Node);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override async Task EndAsync(IOperationContext context)
    {
        if (ParameterSetName == ByName)
        {
            if (input.Nodes() is { Count: > 0 } nodes)
                await TestAsync(context, nodes, Name).ConfigureAwait(false);
        }
        else
        {
            foreach (var (nodes, folders) in input.BySwarm(Node))
                await TestAsync(context, nodes, [.. folders.Select(folder => folder.Name)]).ConfigureAwait(false);
        }

        if (Quiet)
            context.WriteObject(paths.Count > 0 && paths.All(path => path.Result == FindingResult.Pass));
    }

    private async Task TestAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, IReadOnlyList<string> names)
    {
        var request = new TestFolderRequest(nodes, names)
        {
            Bytes = Size,
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
            ThrottleLimit = ThrottleLimit,
        };
        var tested = await new TestFolderOperation(context, request).RunAsync().ConfigureAwait(false);
        paths.AddRange(tested);
        if (Quiet)
            return;
        foreach (var path in tested)
            context.WriteObject(path);
    }
}
