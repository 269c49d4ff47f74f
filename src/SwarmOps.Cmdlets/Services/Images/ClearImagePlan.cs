using SwarmOps.Nodes;

namespace SwarmOps.Services.Images;

/// <summary>What is to be removed on one node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Images">Its images.</param>
/// <param name="Removable">Those to be removed.</param>
/// <param name="All">How many it has.</param>
/// <param name="Rollback">Names of those that are kept for a rollback only.</param>
/// <param name="FreeBytes">Bytes that are free on its disk; null when that cannot be seen.</param>
internal sealed record ClearImagePlan(
    NodeObservation Node,
    NodeImages Images,
    IReadOnlyList<EngineImage> Removable,
    int All,
    IReadOnlyList<string> Rollback,
    long? FreeBytes
)
{
    /// <summary>What is done, and what is lost.</summary>
    public string Words() =>
        $"Remove {(Removable.Count == 1 ? "1 unused image" : $"{Removable.Count} unused images")} ({EngineImage.Megabytes(Removable.Sum(image => image.OtherTags.Count > 0 ? 0 : image.Size))} with shared layers): "
        + string.Join(
            ", ",
            Removable.Select(image =>
                image.OtherTags is [var other, ..] ? $"{string.Join(", ", image.Tags)} (only the name: it remains as {other})" : image.Name
            )
        );
}
