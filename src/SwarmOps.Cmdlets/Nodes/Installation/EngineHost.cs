namespace SwarmOps.Nodes.Installation;

/// <summary>Facts about a host before an engine is installed.</summary>
internal sealed record EngineHost
{
    /// <summary>Reads the facts as the SSH user, to see that user's rights.</summary>
    public const string Script = """
        [ -r /etc/os-release ] && . /etc/os-release
        echo "id ${ID:-}"
        echo "release ${VERSION_CODENAME:-}"
        echo "name ${PRETTY_NAME:-$(uname -s)}"
        echo "user $(id -un)"
        echo "groups $(id -nG "$(id -un)")"
        if [ "$(id -u)" -eq 0 ] || sudo -n true </dev/null >/dev/null 2>&1; then echo 'root yes'; fi
        if [ -d /run/systemd/system ]; then echo 'systemd yes'; fi
        PATH="$PATH:/usr/sbin:/sbin"
        if command -v dockerd >/dev/null 2>&1; then echo 'engine yes'; fi
        if command -v docker >/dev/null 2>&1; then echo 'client yes'; fi
        true
        """;

    /// <summary>The distribution's id (os-release), such as <c>debian</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>The release's code name, such as <c>bookworm</c>.</summary>
    public string Release { get; init; } = "";

    /// <summary>The name of the distribution.</summary>
    public string Name { get; init; } = "";

    /// <summary>The SSH user.</summary>
    public string User { get; init; } = "";

    /// <summary>The groups that the user has, from the group file: a session that is open may not have them yet.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Whether the user is root or can use sudo without a password.</summary>
    public bool CanBeRoot { get; init; }

    /// <summary>Whether the host runs systemd.</summary>
    public bool HasSystemd { get; init; }

    /// <summary>Whether the engine and its client are installed.</summary>
    public bool HasEngine { get; init; }

    /// <summary>Whether engines can be installed on the distribution.</summary>
    public bool IsSupported => Id is "debian" or "ubuntu";

    /// <summary>Whether the user must be added to the group docker to use the engine's socket.</summary>
    public bool NeedsGroup => User != "root" && !Groups.Contains("docker");

    /// <summary>Reads the script's output.</summary>
    public static EngineHost Parse(string output)
    {
        var lines = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .Where(words => words.Length == 2)
            .ToLookup(words => words[0], words => words[1].Trim());
        string One(string key) => lines[key].FirstOrDefault() ?? "";
        return new EngineHost
        {
            Id = One("id"),
            Release = One("release"),
            Name = One("name"),
            User = One("user"),
            Groups = One("groups").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            CanBeRoot = One("root") == "yes",
            HasSystemd = One("systemd") == "yes",
            HasEngine = One("engine") == "yes" && One("client") == "yes",
        };
    }
}
