using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace SwarmOps.HelpBuilder;

/// <summary>The cmdlets of a module, as the engine sees them after a real import.</summary>
internal sealed class CmdletCatalog : IDisposable
{
    private readonly Runspace runspace;

    /// <summary>Imports the module.</summary>
    /// <exception cref="InvalidOperationException">It cannot be imported, or has no cmdlets.</exception>
    public CmdletCatalog(string manifest)
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();

        using var powershell = PowerShell.Create(runspace);
        try
        {
            var modules = powershell
                .AddCommand("Import-Module")
                .AddParameter("Name", manifest)
                .AddParameter("PassThru")
                .AddParameter("ErrorAction", "Stop")
                .Invoke<PSModuleInfo>();
            ProjectUri = modules.Select(module => module.ProjectUri).FirstOrDefault();
            Cmdlets =
            [
                .. modules.SelectMany(module => module.ExportedCmdlets.Values).OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
            ];
        }
        catch (RuntimeException failure)
        {
            throw new InvalidOperationException($"'{manifest}' cannot be imported: {failure.Message}", failure);
        }

        if (Cmdlets.Count == 0)
            throw new InvalidOperationException($"'{manifest}' exports no cmdlets.");
    }

    /// <summary>The cmdlets, by name.</summary>
    public IReadOnlyList<CmdletInfo> Cmdlets { get; }

    /// <summary>The project's home, as the manifest names it.</summary>
    public Uri? ProjectUri { get; }

    /// <summary>The cmdlet with a name, or null.</summary>
    public CmdletInfo? Find(string name) => Cmdlets.FirstOrDefault(cmdlet => cmdlet.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc />
    public void Dispose() => runspace.Dispose();
}
