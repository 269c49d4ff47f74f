namespace SwarmOps.Monitoring.Formation;

/// <summary>The file with a configuration of Alertmanager.</summary>
internal static class ReceiverFile
{
    /// <summary>Reads it.</summary>
    /// <exception cref="SwarmOpsException"><c>MonitoringReceiverUnreadable</c>.</exception>
    public static byte[] Read(string path)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw MonitoringErrors.MonitoringReceiverUnreadable(path, error.Message, error);
        }

        return content.Length > 0 ? content : throw MonitoringErrors.MonitoringReceiverUnreadable(path, "it is empty", null);
    }
}
