namespace SwarmOps.Stacks;

/// <summary>A value that cannot be used, with what to write instead; whoever knows the position makes a problem of it.</summary>
internal sealed class StackValueException(string message, string remedy) : Exception(message)
{
    public string Remedy { get; } = remedy;
}
