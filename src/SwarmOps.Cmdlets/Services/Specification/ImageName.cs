using System.Text.RegularExpressions;

namespace SwarmOps.Services.Specification;

/// <summary>Image names, in the format of the docker CLI.</summary>
internal static partial class ImageName
{
    private const string Hub = "docker.io/",
        HubCredentials = "https://index.docker.io/v1/";

    /// <summary>The familiar form with a tag: <c>docker.io/library/nginx</c> becomes <c>nginx:latest</c>.</summary>
    /// <exception cref="SwarmOpsException"><c>ImageNameInvalid</c>.</exception>
    public static string Normalize(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || text.Length > 255)
            throw ServiceErrors.ImageNameInvalid(text);
        var name = text;
        if (name.StartsWith(Hub, StringComparison.Ordinal))
            name = name[Hub.Length..];
        if (text.StartsWith(Hub + "library/", StringComparison.Ordinal))
            name = name["library/".Length..];
        return match.Groups["tag"].Success || match.Groups["digest"].Success ? name : name + ":latest";
    }

    /// <summary>Whether a digest is part of the name.</summary>
    public static bool IsPinned(string image) => image.Contains('@', StringComparison.Ordinal);

    /// <summary>The registry of an image; Docker Hub if the name contains none.</summary>
    public static string Registry(string image)
    {
        var first = image.Split('/')[0];
        // Two further names of Docker Hub; its credentials are stored under the third.
        return
            first is not ("docker.io" or "index.docker.io")
            && image.Contains('/', StringComparison.Ordinal)
            && (first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost")
            ? first
            : HubCredentials;
    }

    /// <summary>The registry of an image as people call it: <c>docker.io</c> for Docker Hub.</summary>
    public static string RegistryName(string image) =>
        Registry(image) is var registry && registry == HubCredentials ? "docker.io" : registry;

    /// <summary>The grammar of the distribution project (reference/regexp.go).</summary>
    [GeneratedRegex(
        "^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::[0-9]+)?/)?[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*(?::(?<tag>[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}))?(?:@(?<digest>[a-z0-9]+:[a-f0-9]{32,}))?\\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();
}
