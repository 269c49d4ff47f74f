using System.Globalization;

namespace SwarmOps.Swarm.Locking;

/// <summary>Who holds a lock, where, since when and for what; stored in the lock for others to read. Contains no secret.</summary>
/// <param name="Token">Unique id of this lock.</param>
/// <param name="User">The account.</param>
/// <param name="Machine">The machine's name.</param>
/// <param name="Activity">The cmdlet.</param>
/// <param name="Since">When it was taken, by the holder's clock: for display only, never for a decision.</param>
/// <param name="Process">The process, so that its own machine can determine whether it is running; null when unknown.</param>
internal sealed record LockHolder(
    string Token,
    string User,
    string Machine,
    string Activity,
    DateTimeOffset Since,
    ProcessIdentity? Process
)
{
    private const string Prefix = "swarmops.lock.";

    /// <summary>A new lock of this process.</summary>
    public static LockHolder Create(string activity) =>
        new(
            Guid.NewGuid().ToString("N"),
            Environment.UserName,
            Environment.MachineName,
            activity,
            DateTimeOffset.UtcNow,
            ProcessIdentity.Current
        );

    /// <summary>Parses the labels of <see cref="ToLabels"/>; null when the lock was created by something else.</summary>
    public static LockHolder? Parse(IReadOnlyDictionary<string, string> labels)
    {
        if (labels.GetValueOrDefault(Prefix + "token") is not { Length: > 0 } token)
            return null;
        var isDated = DateTimeOffset.TryParse(
            labels.GetValueOrDefault(Prefix + "since"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var since
        );
        return new LockHolder(
            token,
            labels.GetValueOrDefault(Prefix + "user", ""),
            labels.GetValueOrDefault(Prefix + "machine", ""),
            labels.GetValueOrDefault(Prefix + "activity", ""),
            isDated ? since : default,
            ProcessIdentity.Parse(labels.GetValueOrDefault(Prefix + "process"))
        );
    }

    /// <summary>The holder as labels.</summary>
    /// <param name="beat">How often it was renewed.</param>
    public Dictionary<string, string> ToLabels(int beat) =>
        new(StringComparer.Ordinal)
        {
            [Prefix + "token"] = Token,
            [Prefix + "user"] = User,
            [Prefix + "machine"] = Machine,
            [Prefix + "activity"] = Activity,
            [Prefix + "since"] = Since.ToString("u", CultureInfo.InvariantCulture),
            [Prefix + "process"] = Process?.ToString() ?? "",
            [Prefix + "beat"] = beat.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>For people: who, where, what, since when.</summary>
    public override string ToString() =>
        $"{User}@{Machine} ({Activity}{(Process is null ? "" : $", process {Process.ProcessId.ToString(CultureInfo.InvariantCulture)}")}, since {Since.ToString("u", CultureInfo.InvariantCulture)} by its own clock)";
}
