using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>Converts SwarmOps errors to PowerShell error records.</summary>
internal static class ErrorRecords
{
    /// <summary>The record of an error, with its id, category, target and recommended action.</summary>
    public static ErrorRecord From(SwarmOpsException exception) =>
        new(exception, exception.ErrorId, CategoryOf(exception.Kind), exception.Target)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = exception.RecommendedAction },
        };

    private static ErrorCategory CategoryOf(ErrorKind kind) =>
        kind switch
        {
            ErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
            ErrorKind.InvalidData => ErrorCategory.InvalidData,
            ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
            ErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
            ErrorKind.Connection => ErrorCategory.ConnectionError,
            ErrorKind.Authentication => ErrorCategory.AuthenticationError,
            ErrorKind.Permission => ErrorCategory.PermissionDenied,
            ErrorKind.Security => ErrorCategory.SecurityError,
            ErrorKind.Timeout => ErrorCategory.OperationTimeout,
            ErrorKind.InvalidState => ErrorCategory.InvalidOperation,
            ErrorKind.NotInstalled => ErrorCategory.NotInstalled,
            _ => ErrorCategory.InvalidResult,
        };
}
