using SwarmOps.Stacks.Reading;

namespace SwarmOps.Stacks.Exporting;

/// <summary>One file that is not on a disk.</summary>
/// <param name="name">Its path.</param>
/// <param name="bytes">Its bytes.</param>
internal sealed class MemoryFile(string name, byte[] bytes) : IStackFiles
{
    public bool Exists(string path) => path == name;

    public byte[] Read(string path, int most) =>
        path != name ? throw StackText.Missing(path)
        : bytes.Length > most ? throw StackText.TooLarge(path, most)
        : bytes;
}
