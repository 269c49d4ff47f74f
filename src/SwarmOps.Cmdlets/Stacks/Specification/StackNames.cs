using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Specification;

/// <summary>The names and labels by which docker stack and SwarmOps know what belongs to a stack.</summary>
/// <param name="stack">The name of the stack.</param>
internal sealed class StackNames(string stack)
{
    /// <summary>The label of everything that belongs to a stack.</summary>
    public const string StackLabel = "com.docker.stack.namespace";

    /// <summary>The label of a service with its image as the file has it, before it is pinned to a digest.</summary>
    public const string ImageLabel = "com.docker.stack.image";

    public string Stack { get; } = stack;

    public string Scoped(string key) => $"{Stack}_{key}";

    public string Of(StackNetwork network) => network.Name ?? Scoped(network.Key);

    public string Of(StackVolume volume) => volume.Name ?? Scoped(volume.Key);

    public string Of(StackFileObject file) => file.Name ?? Scoped(file.Key);

    /// <summary>Labels with that of the stack.</summary>
    public IReadOnlyDictionary<string, string?> Labels(IReadOnlyDictionary<string, string> own)
    {
        var labels = own.ToDictionary(label => label.Key, label => (string?)label.Value, StringComparer.Ordinal);
        labels[StackLabel] = Stack;
        return labels;
    }
}
