using System.Globalization;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>What the journal says of one node.</summary>
/// <param name="State">How far it is.</param>
/// <param name="At">When that was written.</param>
/// <param name="BootId">The boot that the host was in when its maintenance began; empty when that was not read.</param>
/// <param name="Detail">What was done, or why it failed.</param>
internal sealed record JournalEntry(SwarmMaintenanceState State, DateTime At, string BootId, string Detail)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ssZ";

    /// <summary>No entry.</summary>
    public static JournalEntry None { get; } = new(SwarmMaintenanceState.Pending, default, "", "");

    /// <summary>As the text of a label.</summary>
    public string ToText() =>
        string.Join('|', State.ToString(), At.ToString(TimeFormat, CultureInfo.InvariantCulture), BootId, Detail.ReplaceLineEndings(" "));

    /// <summary>From the text of a label; what cannot be read is no entry.</summary>
    public static JournalEntry Parse(string? text) =>
        text?.Split('|', 4) is [var state, var at, var boot, var detail]
        && Enum.TryParse<SwarmMaintenanceState>(state, out var known)
        && DateTime.TryParse(
            at,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? new JournalEntry(known, time, boot, detail)
            : None;
}
