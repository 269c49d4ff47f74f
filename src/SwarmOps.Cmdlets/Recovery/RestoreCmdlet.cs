using System.Management.Automation;

namespace SwarmOps.Recovery;

/// <summary>The base of the cmdlets that restore a backup: where it is.</summary>
public abstract class RestoreCmdlet : RecoveryCmdlet
{
    /// <summary>The backup: a file or its URL; or the folder or s3://bucket/prefix that holds it, for the newest one that fits.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <inheritdoc/>
    private protected sealed override string GivenPlace => Path;
}
