namespace SwarmOps.Transport;

/// <summary>An engine accepted a call and did not answer in time.</summary>
internal sealed class EngineSilentException(string call, TimeSpan patience)
    : TimeoutException($"No answer to {call} within {patience.TotalSeconds:0} s.")
{
    /// <summary>The call.</summary>
    public string Call => call;

    /// <summary>How long the call waited.</summary>
    public TimeSpan Patience => patience;
}
