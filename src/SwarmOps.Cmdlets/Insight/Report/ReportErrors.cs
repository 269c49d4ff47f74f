namespace SwarmOps.Insight.Report;

/// <summary>Errors of files with reports and metrics, each with its id and recommended action (docs/errors/reports.md).</summary>
internal static class ReportErrors
{
    public static SwarmOpsException ReportFileExists(string path) =>
        new(
            ErrorKind.AlreadyExists,
            $"The file '{path}' exists. Nothing was changed.",
            "Specify another -Path, or omit -NoClobber to replace it.",
            path
        );

    public static SwarmOpsException ReportDirectoryMissing(string path) =>
        new(
            ErrorKind.NotFound,
            $"The directory of '{path}' does not exist. Nothing was changed.",
            "Create the directory, or specify another -Path.",
            path
        );

    public static SwarmOpsException ReportNotWritten(string path, Exception cause) =>
        new(
            ErrorKind.Permission,
            $"The file '{path}' could not be written: {cause.Message}",
            "Specify a -Path that you may write to, on a disk with free space.",
            path,
            cause
        );

    public static SwarmOpsException ReportNotReadable(string path, Exception cause) =>
        new(
            ErrorKind.NotFound,
            $"The earlier report '{path}' could not be read: {cause.Message}",
            "Specify the path of a report with -Compare, or omit it.",
            path,
            cause
        );

    public static SwarmOpsException ReportNotComparable(string path) =>
        new(
            ErrorKind.InvalidData,
            $"'{path}' is no report of Export-SwarmReport that this version can compare with.",
            "Specify a report that Export-SwarmReport wrote, HTML or JSON, or omit -Compare.",
            path
        );

    public static SwarmOpsException CoordinateInvalid(string region, string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is no place of the region '{region}': two numbers are expected, the latitude from -90 to 90 and the longitude from -180 to 180.",
            "Specify it as -Coordinate @{ 'dc-1' = 52.5, 13.4 }.",
            region
        );
}
