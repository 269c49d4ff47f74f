namespace SwarmOps.Transport;

/// <summary>An engine took a call and has been silent since.</summary>
internal sealed class EngineSilentException(string call, TimeSpan patience) : TimeoutException($"No answer to {call} within {patience.TotalSeconds:0} s.")
{
    /// <summary>The call.</summary>
    public string Call => call;

    /// <summary>How long was waited.</summary>
    public TimeSpan Patience => patience;
}
