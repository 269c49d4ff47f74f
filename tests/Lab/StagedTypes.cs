using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace SwarmOps.Tests.Lab;

/// <summary>The types that tests name come from the staged module, so that there is one copy of them in the process.</summary>
internal static class StagedTypes
{
#pragma warning disable CA2255 // A test assembly is an application: it may prepare its own process.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Resolve() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == "SwarmOps" ? context.LoadFromAssemblyPath(Path.Combine(Path.GetDirectoryName(Repository.Module)!, "bin", "SwarmOps.dll")) : null;
}
