using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Keys;

/// <summary>
/// Replaces the certificate authority of a swarm and watches until every member has a certificate from the new one. A change that is under way already, such as one whose run was
/// killed, is watched and not begun again.
/// </summary>
internal sealed class UpdateCertificateOperation(IOperationContext context, UpdateCertificateRequest request)
{
    /// <summary>Runs it and emits the new authority.</summary>
    public async Task RunAsync()
    {
        var session = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        var before = await ClusterDocument.ReadAsync(session).ConfigureAwait(false);
        var begun = !before.RootRotationInProgress;
        if (begun && !await BeginAsync(session).ConfigureAwait(false))
            return;
        if (!begun)
            context.WriteVerbose("A change of the authority is under way already: waiting for its end.");
        var after = await WaitAsync(session, before).ConfigureAwait(false);
        if (begun && after.Swarm.TLSInfo?.TrustRoot == before.TLSInfo?.TrustRoot)
            throw SwarmKeyErrors.CertificateNotReplaced(session.SwarmId);
        context.WriteObject(Describe(session, after));
    }

    private async Task<bool> BeginAsync(SwarmSession session)
    {
        // The swarm calls a node down only after some heartbeats: one that does not answer now is no better.
        var silent = session.Silent.Select(session.MemberOf).OfType<NodeListResponse>().Select(member => member.ID).ToHashSet();
        var down = session
            .View.Members.Where(member => member.Status?.State != "ready" || silent.Contains(member.ID))
            .Select(member => session.Place(member.ID)?.Name ?? member.ID)
            .ToList();
        if (down.Count > 0 && !request.Force)
            throw SwarmKeyErrors.NodesDownBeforeRotation(session.SwarmId, down);
        if (
            !await context
                .ShouldProcessAsync(
                    $"swarm {session.SwarmId}",
                    $"Replace the certificate authority; each of the {session.View.Members.Count} nodes gets a new certificate"
                )
                .ConfigureAwait(false)
        )
            return false;
        await ClusterDocument
            .UpdateAsync(
                session,
                document =>
                {
                    // Someone else began one just now: it is watched.
                    if (document.RootRotationInProgress)
                        return null;
                    var authority = document.Spec.CAConfig ??= new CAConfig();
                    (authority.SigningCACert, authority.SigningCAKey) = (request.Own?.Certificate ?? "", request.Own?.Key ?? "");
                    authority.ForceRotate = (authority.ForceRotate ?? 0) + 1;
                    return new SwarmUpdateParameters { Spec = document.Spec };
                }
            )
            .ConfigureAwait(false);
        return true;
    }

    /// <summary>Waits until the engine says that the change has ended.</summary>
    private async Task<Ending> WaitAsync(SwarmSession session, SwarmInspectResponse before)
    {
        IReadOnlyList<string> old = [];
        try
        {
            return await Polling
                    .UntilAsync(
                        async () =>
                        {
                            var now = await ClusterDocument.ReadAsync(session).ConfigureAwait(false);
                            var members = await MembersAsync(session).ConfigureAwait(false);
                            old =
                            [
                                .. members
                                    .Where(member => now.RootRotationInProgress ? IsFrom(before, member) : !IsFrom(now, member))
                                    .Select(member => NameOf(session, member)),
                            ];
                            // What a node says of its certificate arrives a moment after the engine has ended the change.
                            if (!now.RootRotationInProgress && old.Count == 0)
                                return new Ending(now, members);
                            context.WriteProgress(
                                new OperationProgress(
                                    0,
                                    "Update-SwarmCertificate",
                                    $"{members.Count - old.Count} of {members.Count} nodes have a certificate from the new authority",
                                    100 * (members.Count - old.Count) / Math.Max(1, members.Count)
                                )
                            );
                            return null;
                        },
                        request.Timeout,
                        context.CancellationToken
                    )
                    .ConfigureAwait(false)
                ?? throw SwarmKeyErrors.CertificateRotationUnfinished(session.SwarmId, old, request.Timeout);
        }
        finally
        {
            context.WriteProgress(new OperationProgress(0, "Update-SwarmCertificate", "Done", Completed: true));
        }
    }

    /// <summary>Whether a member has said that its certificate is from the authority that a document names.</summary>
    private static bool IsFrom(SwarmInspectResponse swarm, NodeListResponse member) =>
        swarm.TLSInfo?.CertIssuerPublicKey is { Length: > 0 } issuer
        && member.Description?.TLSInfo?.CertIssuerPublicKey is { } own
        && own.SequenceEqual(issuer);

    /// <summary>The members with what they say of their certificates, which a view of the swarm leaves out.</summary>
    private static Task<IList<NodeListResponse>> MembersAsync(SwarmSession session) =>
        session.AskManagerAsync((manager, token) => manager.AskAsync(engine => engine.Swarm.ListNodesAsync(token), token));

    private static string NameOf(SwarmSession session, NodeListResponse member) =>
        session.Place(member.ID)?.Name ?? member.Description?.Hostname ?? member.ID;

    private static SwarmCertificateAuthority Describe(SwarmSession session, Ending ending)
    {
        using var certificate = X509Certificate2.CreateFromPem(ending.Swarm.TLSInfo?.TrustRoot ?? "");
        return new SwarmCertificateAuthority
        {
            SwarmId = session.SwarmId,
            Subject = certificate.Subject,
            Fingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256),
            NotBefore = certificate.NotBefore.ToUniversalTime(),
            ExpiresAt = certificate.NotAfter.ToUniversalTime(),
            Nodes = [.. ending.Members.Select(member => NameOf(session, member)).Order(StringComparer.OrdinalIgnoreCase)],
        };
    }

    /// <summary>The swarm once the change has ended, and its members, each with a certificate from the new authority.</summary>
    private sealed record Ending(SwarmInspectResponse Swarm, IList<NodeListResponse> Members);
}
