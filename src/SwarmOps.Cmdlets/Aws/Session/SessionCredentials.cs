using System.Management.Automation;

namespace SwarmOps.Aws.Session;

/// <summary>The settings of Set-AWSCredential and Set-DefaultAWSRegion of AWS.Tools in a session. On the pipeline thread only.</summary>
internal static class SessionCredentials
{
    /// <summary>The session variable of AWS.Tools with the region, a string.</summary>
    public const string RegionVariable = "StoredAWSRegion";

    private const string CredentialsVariable = "StoredAWSCredentials";
    private const string Command = "Get-AWSCredential";

    /// <summary>
    /// The session's credentials; null if there are none. Uses Get-AWSCredential if it is loaded, since the variable's content is internal to AWS.Tools;
    /// otherwise the variable's value.
    /// </summary>
    public static object? Read(PSCmdlet cmdlet)
    {
        var stored = Unwrap(cmdlet.SessionState.PSVariable.GetValue(CredentialsVariable));
        if (stored is null or string)
            return stored;
        var command = cmdlet.InvokeCommand.GetCommand(Command, CommandTypes.Cmdlet | CommandTypes.Function);
        if (command is null)
            return stored;
        var answer = cmdlet.InvokeCommand.InvokeScript(
            "param($command) & $command",
            false,
            System.Management.Automation.Runspaces.PipelineResultTypes.None,
            null,
            command
        );
        return answer.Count > 0 ? Unwrap(answer[0]) : stored;
    }

    /// <summary>What the variable holds, for who may run no command; null when it is not set.</summary>
    public static object? Peek(SessionState? session) => Unwrap(session?.PSVariable.GetValue(CredentialsVariable));

    /// <summary>The object within PowerShell's wrapper.</summary>
    public static object? Unwrap(object? value) =>
        value is PSObject wrapped and not { BaseObject: PSCustomObject } ? wrapped.BaseObject : value;
}
