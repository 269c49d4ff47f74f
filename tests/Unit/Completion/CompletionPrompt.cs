using System.Management.Automation;
using System.Management.Automation.Runspaces;
using SwarmOps.Completion;

namespace SwarmOps.Tests.Unit;

/// <summary>
/// A real PowerShell session with the module's cmdlets, at whose prompt Tab is pressed. What PowerShell asks last before it offers files (a
/// native completer) offers <see cref="Files"/> here: the engine's package alone cannot list files.
/// </summary>
internal sealed class CompletionPrompt : IDisposable
{
    /// <summary>What Tab offers where PowerShell would offer files.</summary>
    public const string Files = "names-of-files";

    private readonly Runspace runspace;

    public CompletionPrompt(params Type[] further)
    {
        var state = InitialSessionState.CreateDefault2();
        List<Type> cmdlets = [.. CompletionCmdlets.All, .. further];
        foreach (var type in cmdlets)
            state.Commands.Add(new SessionStateCmdletEntry(CompletionCmdlets.NameOf(type), type, null));
        runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        // Many tests run at once: how long a Tab may take is for the tests that measure it.
        Session.Budget = TimeSpan.FromMinutes(1);
        Run(
            $"Set-StrictMode -Version Latest; Register-ArgumentCompleter -Native -CommandName $names -ScriptBlock {{ '{Files}' }}",
            ("names", cmdlets.Select(CompletionCmdlets.NameOf).ToArray())
        );
    }

    /// <summary>What the session remembers for Tab.</summary>
    public CompletionSession Session => CompletionSession.Of(runspace)!;

    /// <summary>What Tab offers at the end of a line.</summary>
    public IReadOnlyList<CompletionResult> Tab(string line, params (string Name, object? Value)[] variables) =>
        [
            .. Run("(TabExpansion2 -inputScript $typed -cursorColumn $typed.Length).CompletionMatches", [.. variables, ("typed", line)])
                .Cast<CompletionResult>(),
        ];

    /// <summary>The words that Tab would type.</summary>
    public IReadOnlyList<string> Words(string line, params (string Name, object? Value)[] variables) =>
        [.. Tab(line, variables).Select(match => match.CompletionText)];

    /// <summary>Runs a line.</summary>
    public IReadOnlyList<object> Run(string script, params (string Name, object? Value)[] variables)
    {
        foreach (var (name, value) in variables)
            runspace.SessionStateProxy.SetVariable(name, value);
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(script, useLocalScope: false);
        var objects = shell.Invoke().Where(item => item is not null).Select(item => item.BaseObject).ToList();
        Assert.Empty(shell.Streams.Error);
        return objects;
    }

    public void Dispose() => runspace.Dispose();
}

/// <summary>The module's cmdlets.</summary>
internal static class CompletionCmdlets
{
    public static IReadOnlyList<Type> All { get; } =
    [
        .. typeof(NameCompleter)
            .Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && type.IsDefined(typeof(CmdletAttribute), inherit: false)),
    ];

    public static string NameOf(Type type) => Of(type) is var name ? $"{name.VerbName}-{name.NounName}" : "";

    public static CmdletAttribute Of(Type type) => (CmdletAttribute)Attribute.GetCustomAttribute(type, typeof(CmdletAttribute))!;
}
