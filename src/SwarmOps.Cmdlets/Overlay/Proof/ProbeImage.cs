using System.Formats.Tar;
using System.Net;
using Docker.DotNet;
using SwarmOps.Transport;

namespace SwarmOps.Overlay.Proof;

/// <summary>
/// The image of the probes: no programs, only links into the host's /usr, which is mounted read-only. It needs no registry,
/// and every host has perl-base.
/// </summary>
internal static class ProbeImage
{
    /// <summary>Name of the image.</summary>
    public const string Name = "swarmops/overlay-probe";

    /// <summary>Incremented when its content changes.</summary>
    public const string Tag = "1";

    private static readonly string[] Links = ["bin", "lib", "lib64", "sbin"];

    /// <summary>Creates the image unless the engine has it.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task EnsureAsync(INodeConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection
                .AskJsonAsync(api => api.GetAsync($"/images/{Name}:{Tag}/json", cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            using var archive = Archive();
            await connection
                .AskJsonAsync(
                    api =>
                        api.PostAsync(
                            $"/images/create?fromSrc=-&repo={Uri.EscapeDataString(Name)}&tag={Tag}",
                            archive,
                            "application/x-tar",
                            cancellationToken
                        ),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
    }

    private static MemoryStream Archive()
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "usr/") { Mode = (UnixFileMode)0x1ED });
            foreach (var link in Links)
                writer.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, link) { LinkName = $"usr/{link}" });
        }

        archive.Position = 0;
        return archive;
    }
}
