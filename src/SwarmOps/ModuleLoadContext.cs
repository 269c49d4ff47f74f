using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace SwarmOps;

/// <summary>
/// The load context of the cmdlets and their packages, which isolates them from other versions of these packages in the session.
/// PowerShell's own assemblies and this one come from the default context: their types are shared with the session.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly object Gate = new();
    private static Assembly? cmdlets;

    private readonly string folder;

    private ModuleLoadContext(string folder)
        : base("SwarmOps", isCollectible: false) => this.folder = folder;

    /// <summary>Loads the cmdlets from a folder; later calls in the process return the same assembly.</summary>
    /// <param name="folder">The folder that holds SwarmOps.Cmdlets.dll and its packages.</param>
    /// <returns>The assembly of the cmdlets.</returns>
    /// <exception cref="FileNotFoundException">The folder does not hold the cmdlets.</exception>
    public static Assembly LoadCmdlets(string folder)
    {
        lock (Gate)
            return cmdlets ??= new ModuleLoadContext(folder).LoadFromAssemblyPath(Path.Combine(folder, "SwarmOps.Cmdlets.dll"));
    }

    /// <summary>Adds the cmdlets of the module that holds them to the one that the user imports.</summary>
    /// <param name="inner">The module of the cmdlets' assembly, which PowerShell finds cached at a second import, when it exports nothing by itself.</param>
    /// <param name="outer">The module that is being imported.</param>
    /// <exception cref="MissingMethodException">This PowerShell has no such method.</exception>
    public static void Export(PSModuleInfo inner, PSModuleInfo outer)
    {
        ArgumentNullException.ThrowIfNull(inner);
        const string name = "AddExportedCmdlet";
        var method =
            typeof(PSModuleInfo).GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic, [typeof(CmdletInfo)])
            ?? throw new MissingMethodException(nameof(PSModuleInfo), name);
        var add = method.CreateDelegate<Action<PSModuleInfo, CmdletInfo>>();
        foreach (var cmdlet in inner.ExportedCmdlets.Values)
            add(outer, cmdlet);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
