using SwarmOps.Nodes;

namespace SwarmOps.Services.Images;

/// <summary>A node that an image is copied to.</summary>
/// <param name="Node">The node.</param>
/// <param name="Images">Its images.</param>
/// <param name="Present">The image of this name that it has; null when it has none.</param>
internal sealed record ImageTarget(NodeObservation Node, NodeImages Images, ImageFacts? Present)
{
    /// <summary>Its platform, in the words of an image.</summary>
    public string Platform
    {
        get
        {
            var processor = Node.Info.Architecture switch
            {
                "x86_64" => "amd64",
                "aarch64" => "arm64",
                "armv7l" or "armv6l" => "arm",
                "i386" or "i686" => "386",
                var other => other,
            };
            return $"{Node.Info.OSType}/{processor}";
        }
    }
}
