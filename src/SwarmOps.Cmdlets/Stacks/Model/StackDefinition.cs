namespace SwarmOps.Stacks.Model;

/// <summary>A stack as its Compose files describe it, with everything resolved that needs no swarm. Names are the keys of the files.</summary>
internal sealed record StackDefinition
{
    /// <summary>The name that was specified or that the file has; null if neither.</summary>
    public string? Name { get; init; }

    /// <summary>The services in the order of the files.</summary>
    public required IReadOnlyList<StackService> Services { get; init; }

    public required IReadOnlyList<StackNetwork> Networks { get; init; }

    public required IReadOnlyList<StackVolume> Volumes { get; init; }

    /// <summary>Galera clusters, shared folders and name servers, in the order in which they are formed.</summary>
    public IReadOnlyList<StackPart> Parts { get; init; } = [];

    public required IReadOnlyList<StackFileObject> Secrets { get; init; }

    public required IReadOnlyList<StackFileObject> Configs { get; init; }

    /// <summary>What the user should know: keys that are left out, paths that must exist on nodes.</summary>
    public required IReadOnlyList<StackProblem> Notes { get; init; }
}

/// <summary>A network of a stack.</summary>
/// <param name="Key">Its key in the file.</param>
/// <param name="Name">Its name in the swarm, if it is not that of stack and key.</param>
/// <param name="IsExternal">Whether it must exist already.</param>
internal sealed record StackNetwork(string Key, string? Name, bool IsExternal)
{
    public string? Driver { get; init; }

    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = Nothing.Texts;

    public IReadOnlyDictionary<string, string> Labels { get; init; } = Nothing.Texts;

    public bool IsAttachable { get; init; }

    public bool IsInternal { get; init; }

    public bool EnablesIPv6 { get; init; }

    public string? IpamDriver { get; init; }

    public IReadOnlyDictionary<string, string> IpamOptions { get; init; } = Nothing.Texts;

    public IReadOnlyList<StackSubnet> Subnets { get; init; } = [];
}

/// <summary>A subnet of a network.</summary>
internal sealed record StackSubnet(string? Subnet, string? Gateway, string? Range);

/// <summary>A volume of a stack.</summary>
internal sealed record StackVolume(string Key, string? Name, bool IsExternal)
{
    public string? Driver { get; init; }

    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = Nothing.Texts;

    public IReadOnlyDictionary<string, string> Labels { get; init; } = Nothing.Texts;

    /// <summary>The shared folder that stands in its place; null for none.</summary>
    public StackFolder? Folder { get; init; }
}

/// <summary>Where the value of a secret or config comes from.</summary>
internal enum StackFileOrigin
{
    /// <summary>It exists in the swarm.</summary>
    External,

    /// <summary>A file of this machine.</summary>
    File,

    /// <summary>An environment variable.</summary>
    Environment,

    /// <summary>The Compose file itself.</summary>
    Content,

    /// <summary>A secret driver.</summary>
    Driver,
}

/// <summary>A secret or a config of a stack.</summary>
internal sealed record StackFileObject(string Key, string? Name, StackFileOrigin Origin)
{
    /// <summary>The value; null if the swarm or a driver has it.</summary>
    public StackValue? Value { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = Nothing.Texts;

    public string? Driver { get; init; }

    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = Nothing.Texts;

    public string? TemplateDriver { get; init; }
}

/// <summary>The value of a secret or config. Its text never shows it.</summary>
internal sealed class StackValue(byte[] bytes)
{
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public override string ToString() => $"{Bytes.Length} bytes";
}

/// <summary>Empty tables.</summary>
internal static class Nothing
{
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>();
}
