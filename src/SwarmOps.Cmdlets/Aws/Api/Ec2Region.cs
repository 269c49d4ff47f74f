using Amazon.EC2;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Api;

/// <summary>EC2 in one region. Every error that it throws is documented.</summary>
/// <param name="name">The region's system name.</param>
/// <param name="createEc2">Creates the client for EC2.</param>
internal sealed class Ec2Region(string name, Func<IAmazonEC2> createEc2) : IDisposable
{
    private readonly Lazy<IAmazonEC2> ec2 = new(createEc2);

    /// <summary>The region's system name.</summary>
    public string Name => name;

    /// <summary>How long throttled calls are repeated.</summary>
    public Ec2Patience Patience { get; init; } = Ec2Patience.None;

    /// <summary>Calls EC2.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>; <see cref="Ec2Errors.CodeOf"/> gives EC2's own code.</exception>
    public async Task<T> AskAsync<T>(Func<IAmazonEC2, Task<T>> question, CancellationToken cancellationToken)
    {
        Deadline? deadline = null;
        for (var refusals = 1; ; refusals++)
        {
            SwarmOpsException error;
            try
            {
                var answer = await question(ec2.Value).ConfigureAwait(false);
                if (refusals > 1)
                    Patience.Tell(name, null);
                return answer;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not SwarmOpsException)
            {
                error = Ec2Errors.From(exception, name);
            }

            var pause = Ec2Patience.Pause(refusals);
            if (error.ErrorId != Ec2Errors.Throttled || !(deadline ??= Deadline.In(Patience.Limit)).LeavesTimeFor(pause))
                throw error;
            Patience.Tell(name, pause);
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (ec2.IsValueCreated)
            ec2.Value.Dispose();
    }
}
