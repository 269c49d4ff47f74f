using SwarmOps.Services.Specification;

namespace SwarmOps.Folders.Formation;

/// <summary>
/// The service requests of a folder: one service for each copy, bound to its node. A global service would give the keys of all devices to every node, and its tasks have no names
/// of their own in the network.
/// </summary>
internal static class FolderServices
{
    private const int ScriptMode = 0x16D, // 0555
        SettingsMode = 0x124, // 0444
        SecretMode = 0x100; // 0400

    /// <summary>
    /// How often the kernel sends a segment again before it gives a connection up: 5 is about 15 s. Syncthing itself waits for five minutes (<c>ReceiveTimeout</c>), and with the kernel's default of
    /// 15 a connection that was cut for a minute may stay silent for another one.
    /// </summary>
    private const string Retransmissions = "5";

    /// <summary>Syncthing closes its index within 10 s.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(20);

    /// <summary>The service of one copy.</summary>
    /// <param name="request">The folder.</param>
    /// <param name="owner">The owner of the files, as whom Syncthing runs.</param>
    /// <param name="place">The copy.</param>
    public static ServiceRequest Of(FolderRequest request, FolderOwner owner, FolderPlace place)
    {
        var (user, group) = (owner.User.ToString(Invariant), owner.Group.ToString(Invariant));
        return new ServiceRequest
        {
            Name = place.Service,
            Image = Image(request),
            Mode = SwarmServiceMode.Replicated,
            Replicas = 1,
            Command = [FolderNames.StartTarget],
            Arguments = [],
            User = owner.ToString(),
            Environment = new Dictionary<string, string?>
            {
                ["HOME"] = FolderNames.StateTarget,
                // The official image makes the API listen on every address.
                ["STGUIADDRESS"] = "127.0.0.1:8384",
                ["STNORESTART"] = "1",
                ["STNOUPGRADE"] = "1",
            },
            Labels = new Dictionary<string, string?>
            {
                [FolderNames.FolderLabel] = request.Name,
                [FolderNames.NodeLabel] = place.NodeId,
                [FolderNames.PathLabel] = request.Path,
                [FolderNames.OwnerLabel] = owner.ToString(),
            },
            KeepsOthers = true,
            Networks = [new NetworkAttachment(request.Overlay, [])],
            EndpointMode = SwarmEndpointMode.Dnsrr,
            Mounts =
            [
                new ServiceMount("bind", request.Path, FolderNames.Target, ReadOnly: false),
                new ServiceMount("bind", FolderNames.StatePath(request.Name), FolderNames.StateTarget, ReadOnly: false),
            ],
            Secrets = [new FileReference(FolderNames.Identity(place.Service), FolderNames.IdentityTarget, user, group, SecretMode)],
            Configs =
            [
                new FileReference(FolderScript.Start.ConfigName, FolderNames.StartTarget, "0", "0", ScriptMode),
                new FileReference(FolderNames.Settings(request.Name), FolderNames.SettingsTarget, "0", "0", SettingsMode),
            ],
            Constraints = [$"node.id=={place.NodeId}"],
            // The image's own check runs once a minute, and a task enters DNS only after it. A crashed Syncthing exits, and one that is stuck ends itself.
            Health = new HealthRequest("", null, null, null, null),
            Restart = new RestartRequest(SwarmRestartCondition.Any, TimeSpan.FromSeconds(2), null, null),
            Update = new UpdatePolicyRequest(1, null, SwarmUpdateFailureAction.Pause, null, null, SwarmUpdateOrder.StopFirst),
            StopGracePeriod = StopGrace,
            CapabilityDrop = ["ALL"],
            Sysctls = new Dictionary<string, string> { ["net.ipv4.tcp_retries2"] = Retransmissions },
        };
    }

    /// <summary>The image, with a tag.</summary>
    /// <exception cref="SwarmOpsException"><c>ImageNameInvalid</c>.</exception>
    public static string Image(FolderRequest request) => ImageName.Normalize(request.Image);

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;
}
