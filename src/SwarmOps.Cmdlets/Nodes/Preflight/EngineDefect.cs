namespace SwarmOps.Nodes.Preflight;

/// <summary>How much a defect matters to a swarm over regions.</summary>
internal enum DefectSeverity
{
    /// <summary>Networks, names, scheduling or managers fail in ordinary use, or data travels in clear text.</summary>
    High,

    /// <summary>Something fails for good, in a situation that is met now and then.</summary>
    Medium,

    /// <summary>It needs an unusual setup, or passes by itself.</summary>
    Low,
}

/// <summary>On which nodes a defect matters.</summary>
internal enum DefectRole
{
    /// <summary>On all.</summary>
    Any,

    /// <summary>On managers, and so on nodes that are to become one.</summary>
    Manager,
}

/// <summary>Releases in which a defect is.</summary>
/// <param name="From">The first one.</param>
/// <param name="Fixed">The first later one without it; null while no release has the fix.</param>
internal sealed record AffectedReleases(EngineRelease From, EngineRelease? Fixed)
{
    /// <summary>Whether a release is among them. A pre-release counts as having the defects, and not the fixes, of its release.</summary>
    public bool Contains(EngineRelease release) => release.Final >= From && (Fixed is null || release < Fixed);
}

/// <summary>A defect of Docker's engine, as moby's own issues and release notes tell it. The rows are in engine-defects.json.</summary>
internal sealed record EngineDefect
{
    /// <summary>Its name here, of small letters and hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>What is broken, as a clause.</summary>
    public required string Title { get; init; }

    /// <summary>The releases that have it, in order.</summary>
    public required IReadOnlyList<AffectedReleases> Affected { get; init; }

    /// <summary>How much it matters.</summary>
    public required DefectSeverity Severity { get; init; }

    /// <summary>On which nodes it matters.</summary>
    public required DefectRole Role { get; init; }

    /// <summary>Whether it breaks the network between engines with it and engines without it.</summary>
    public bool BetweenVersions { get; init; }

    /// <summary>In which setup it is met, as a clause.</summary>
    public required string Condition { get; init; }

    /// <summary>What it does to a swarm, in one sentence.</summary>
    public required string Consequence { get; init; }

    /// <summary>The release to go to; null when no release is better.</summary>
    public EngineRelease? Recommended { get; init; }

    /// <summary>What to do, in sentences.</summary>
    public required string Action { get; init; }

    /// <summary>What SwarmOps does about it beside the finding; null when nothing. For docs/engines.md.</summary>
    public string? Handling { get; init; }

    /// <summary>Where it is told: issues, pull requests and advisories, the most telling first.</summary>
    public required IReadOnlyList<Uri> Sources { get; init; }

    /// <summary>Whether a release has it.</summary>
    public bool IsIn(EngineRelease release) => Affected.Any(releases => releases.Contains(release));
}
