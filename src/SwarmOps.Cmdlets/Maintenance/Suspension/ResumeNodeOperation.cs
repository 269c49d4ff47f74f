using SwarmOps.Pipeline;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>Brings a node back into service: verified first, in DNS last.</summary>
internal sealed class ResumeNodeOperation(IOperationContext context, ResumeNodeRequest request)
{
    /// <summary>Runs it and writes the node to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SuspendErrors"/>, of services, name servers, databases and the transport.</exception>
    public async Task RunAsync()
    {
        var swarm = await new NodeReturn(context, request).WaitAsync().ConfigureAwait(false);
        foreach (var silent in swarm.Silent)
            context.WriteWarning($"{silent.Failure!.Message.TrimEnd('.')}. Continuing without it.");
        await new ResumeRun(context, request, swarm, MaintenanceTarget.Find(swarm, request.Name)).RunAsync().ConfigureAwait(false);
    }
}
