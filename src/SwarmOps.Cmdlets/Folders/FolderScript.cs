using System.Security.Cryptography;
using System.Text;
using SwarmOps.Transport;

namespace SwarmOps.Folders;

/// <summary>A script of the module that runs in the containers of shared folders.</summary>
/// <param name="Name">Name of the file, without extension.</param>
/// <param name="Text">The script.</param>
internal sealed record FolderScript(string Name, string Text)
{
    /// <summary>Starts Syncthing.</summary>
    public static FolderScript Start { get; } = Load("folder-start");

    /// <summary>Asks Syncthing's API.</summary>
    public static FolderScript Api { get; } = Load("folder-api");

    /// <summary>Lists conflict files.</summary>
    public static FolderScript Conflicts { get; } = Load("folder-conflicts");

    /// <summary>Writes a test file.</summary>
    public static FolderScript WriteCanary { get; } = Load("folder-canary-write");

    /// <summary>Waits for test files.</summary>
    public static FolderScript WaitForCanaries { get; } = Load("folder-canary-wait");

    /// <summary>Name of its config, which contains a hash of the text, since configs cannot be changed.</summary>
    public string ConfigName => $"{Name}-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))[..10].ToLowerInvariant()}";

    /// <summary>The command that runs it in a container.</summary>
    /// <param name="arguments">Its arguments.</param>
    public IReadOnlyList<string> Command(params IEnumerable<string> arguments) => ["sh", "-c", Text, Name, .. arguments];

    private static FolderScript Load(string name) => new(name, EmbeddedText.Read($"{name}.sh"));
}
