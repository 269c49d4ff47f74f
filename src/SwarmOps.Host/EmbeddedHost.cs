using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace SwarmOps.Host;

/// <summary>The engine's view of this program.</summary>
internal sealed class EmbeddedHost(EmbeddedUserInterface userInterface) : PSHost
{
    /// <summary>The version of this host, which is the module's.</summary>
    public static Version HostVersion { get; } = typeof(EmbeddedHost).Assembly.GetName().Version ?? new Version(0, 0);

    /// <summary>The version of the PowerShell engine inside.</summary>
    public static string EngineVersion { get; } =
        typeof(PSObject).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    /// <summary>The code given to <c>exit</c>, or null as long as the script has not called it.</summary>
    public int? RequestedExitCode { get; private set; }

    /// <inheritdoc />
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    /// <inheritdoc />
    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    /// <inheritdoc />
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc />
    public override string Name => "SwarmOps.Host";

    /// <inheritdoc />
    public override PSHostUserInterface UI => userInterface;

    /// <inheritdoc />
    public override Version Version => HostVersion;

    /// <inheritdoc />
    public override void SetShouldExit(int exitCode) => RequestedExitCode = exitCode;

    /// <inheritdoc />
    public override void EnterNestedPrompt() => throw new PSNotSupportedException("This host has no interactive prompt.");

    /// <inheritdoc />
    public override void ExitNestedPrompt() => throw new PSNotSupportedException("This host has no interactive prompt.");

    /// <inheritdoc />
    public override void NotifyBeginApplication()
    {
    }

    /// <inheritdoc />
    public override void NotifyEndApplication()
    {
    }
}
