namespace SwarmOps.Tests.Lab;

/// <summary>The trait of tests of what does not depend on the engine: arguments, plans, hosts. The usual run leaves them out on the lab's other engines.</summary>
internal static class AnyEngine
{
    public const string Name = "Engine",
        Value = "any";
}
