using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace SwarmOps.Tests.Lab;

/// <summary>The types that tests name come from the staged module, so that there is one copy of them in the process.</summary>
internal static class StagedTypes
{
    private static readonly string Binaries = Path.Combine(Path.GetDirectoryName(Repository.Module)!, "bin");

#pragma warning disable CA2255 // A test assembly is an application: it may prepare its own process.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Resolve() =>
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == "SwarmOps" ? context.LoadFromAssemblyPath(Path.Combine(Binaries, "SwarmOps.dll")) : Isolated(name);

    /// <summary>An assembly of the load context of the cmdlets; a method of its own, since it names a type of the staged SwarmOps.dll.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Assembly? Isolated(AssemblyName name)
    {
        var folder = Path.Combine(Binaries, "isolated");
        return File.Exists(Path.Combine(folder, name.Name + ".dll"))
            ? AssemblyLoadContext.GetLoadContext(ModuleLoadContext.LoadCmdlets(folder))!.LoadFromAssemblyName(name)
            : null;
    }
}
