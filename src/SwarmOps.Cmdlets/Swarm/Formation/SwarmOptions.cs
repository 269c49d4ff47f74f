using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Formation;

/// <summary>The options of a swarm; null leaves a value to the engine.</summary>
internal sealed record SwarmOptions
{
    /// <summary>The engine's minimum (swarmkit, <c>ca.MinNodeCertExpiration</c>).</summary>
    private static readonly TimeSpan ShortestCertificate = TimeSpan.FromHours(1);

    /// <summary>The engine's minimum (swarmkit controlapi, <c>minHeartbeatPeriod</c>).</summary>
    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromSeconds(1);

    public string? ListenAddress { get; init; }

    public string? DataPathAddress { get; init; }

    public int? DataPathPort { get; init; }

    public IReadOnlyList<string>? AddressPool { get; init; }

    public int? SubnetSize { get; init; }

    public bool? AutoLock { get; init; }

    public TimeSpan? CertificateValidity { get; init; }

    public TimeSpan? DispatcherHeartbeat { get; init; }

    public int? TaskHistoryLimit { get; init; }

    /// <summary>Throws for values that the engine would reject, or accept and then fail with.</summary>
    /// <exception cref="SwarmOpsException"><c>AddressPoolInvalid</c>, <c>SubnetSizeInvalid</c>, <c>ListenAddressInvalid</c>, <c>CertificateValidityTooShort</c>, <c>DispatcherHeartbeatTooShort</c>.</exception>
    public void Check()
    {
        AddressPools.Check(AddressPool, SubnetSize);
        if (ListenAddress is not null && !ListenEndpoint.IsValid(ListenAddress))
            throw SwarmErrors.ListenAddressInvalid(ListenAddress);
        if (CertificateValidity < ShortestCertificate)
            throw SwarmErrors.CertificateValidityTooShort(CertificateValidity.Value, ShortestCertificate);
        if (DispatcherHeartbeat < ShortestHeartbeat)
            throw SwarmErrors.DispatcherHeartbeatTooShort(DispatcherHeartbeat.Value, ShortestHeartbeat);
    }

    /// <summary>The requested options that differ from the swarm's and cannot be changed.</summary>
    public IReadOnlyList<string> FixedDifferences(SwarmInspectResponse swarm)
    {
        var differences = new List<string>();
        if (AddressPool is not null && !AddressPool.SequenceEqual(swarm.DefaultAddrPool ?? []))
            differences.Add($"AddressPool is {string.Join(", ", swarm.DefaultAddrPool ?? [])}, not {string.Join(", ", AddressPool)}");
        if (SubnetSize is not null && SubnetSize != swarm.SubnetSize)
            differences.Add($"SubnetSize is {swarm.SubnetSize}, not {SubnetSize}");
        if (DataPathPort is not null && DataPathPort != swarm.DataPathPort)
            differences.Add($"DataPathPort is {swarm.DataPathPort}, not {DataPathPort}");
        return differences;
    }

    /// <summary>Applies the options to a swarm's spec.</summary>
    /// <returns>The changes as text; empty when there are none.</returns>
    public IReadOnlyList<string> ApplyTo(Spec spec)
    {
        var changes = new List<string>();
        if (CertificateValidity is { } validity && spec.CAConfig?.NodeCertExpiry != validity)
        {
            (spec.CAConfig ??= new CAConfig()).NodeCertExpiry = validity;
            changes.Add($"CertificateValidity {validity}");
        }

        if (DispatcherHeartbeat is { } heartbeat && spec.Dispatcher?.HeartbeatPeriod != heartbeat)
        {
            (spec.Dispatcher ??= new DispatcherConfig()).HeartbeatPeriod = heartbeat;
            changes.Add($"DispatcherHeartbeat {heartbeat}");
        }

        if (TaskHistoryLimit is { } limit && spec.Orchestration?.TaskHistoryRetentionLimit != limit)
        {
            (spec.Orchestration ??= new OrchestrationConfig()).TaskHistoryRetentionLimit = limit;
            changes.Add($"TaskHistoryLimit {limit}");
        }

        if (AutoLock is { } locked && (spec.EncryptionConfig?.AutoLockManagers ?? false) != locked)
        {
            (spec.EncryptionConfig ??= new EncryptionConfig()).AutoLockManagers = locked;
            changes.Add($"AutoLock {locked}");
        }

        return changes;
    }
}
