using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace SwarmOps.Host;

/// <summary>
/// The two switches that pwsh itself sets in the engine (in its ConsoleHost) and that have no public form. The engine's version is pinned and
/// the tests of this host fail when a new one has moved them.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly PropertyInfo ExecutionContext = Find(typeof(Runspace), "ExecutionContext");
    private static readonly PropertyInfo RethrowExit = Find(ExecutionContext.PropertyType, "ScriptCommandProcessorShouldRethrowExit");
    private static readonly PropertyInfo WriteStream = Find(typeof(PSObject), "WriteStream");

    /// <summary>Makes <c>exit 3</c> in a script file the end of the program, not only of the file.</summary>
    public static void LetExitEndTheProgram(Runspace runspace) => RethrowExit.SetValue(ExecutionContext.GetValue(runspace), true);

    /// <summary>Marks an object as written to the error stream: <c>Out-Default</c> then writes it to standard error.</summary>
    public static PSObject ForErrorStream(ErrorRecord error)
    {
        var marked = new PSObject(error);
        WriteStream.SetValue(marked, Enum.Parse(WriteStream.PropertyType, "Error"));
        return marked;
    }

    private static PropertyInfo Find(Type type, string name) =>
        type.GetProperty(name, Hidden) ?? throw new MissingMemberException(type.FullName, name);
}
