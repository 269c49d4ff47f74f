using System.Text;

namespace SwarmOps.Insight.Report;

/// <summary>Writes a file so that nobody ever reads half of it: beside it first, then in its place in one step.</summary>
internal static class ReportFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Checks that the file's directory exists.</summary>
    /// <exception cref="SwarmOpsException"><c>ReportDirectoryMissing</c>.</exception>
    public static void CheckDirectory(string path)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw ReportErrors.ReportDirectoryMissing(path);
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="SwarmOpsException"><c>ReportNotWritten</c>.</exception>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await File.WriteAllTextAsync(beside, text, Utf8, cancellationToken).ConfigureAwait(false);
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ReportErrors.ReportNotWritten(path, error);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
