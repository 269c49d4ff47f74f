using SwarmOps.Nodes;

namespace SwarmOps.Services.Images;

/// <summary>A node that an image is copied to.</summary>
/// <param name="Node">The node.</param>
/// <param name="Images">Its images.</param>
/// <param name="Present">The image of this name that it has; null when it has none.</param>
internal sealed record ImageTarget(NodeObservation Node, NodeImages Images, ImageFacts? Present)
{
    /// <summary>Names of the wanted image that other images have there, and lose.</summary>
    public IReadOnlyList<string> Taken { get; init; } = [];

    /// <summary>A node by all names of an image: it lacks the image if it lacks it by one of them.</summary>
    /// <param name="looks">The node, by each name; at least one.</param>
    /// <param name="wanted">The image.</param>
    public static ImageTarget Of(IReadOnlyList<(string Name, ImageTarget Target)> looks, ImageFacts wanted)
    {
        var others = looks.Where(look => !wanted.IsSame(look.Target.Present)).ToList();
        return (others.Count > 0 ? others[0] : looks[0]).Target with
        {
            Taken = [.. others.Where(look => look.Target.Present is not null).Select(look => look.Name)],
        };
    }

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
