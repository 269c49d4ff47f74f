using Amazon.EC2;
using Amazon.SimpleSystemsManagement;

namespace SwarmOps.Aws.Api;

/// <summary>EC2 in one region. Every error that it throws is documented.</summary>
/// <param name="name">The region's system name.</param>
/// <param name="createEc2">Creates the client for EC2.</param>
/// <param name="createSsm">Creates the client for SSM's public parameters.</param>
internal sealed class Ec2Region(string name, Func<IAmazonEC2> createEc2, Func<IAmazonSimpleSystemsManagement> createSsm) : IDisposable
{
    private readonly Lazy<IAmazonEC2> ec2 = new(createEc2);
    private readonly Lazy<IAmazonSimpleSystemsManagement> ssm = new(createSsm);

    /// <summary>The region's system name.</summary>
    public string Name => name;

    /// <summary>Calls EC2.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>; <see cref="Ec2Errors.CodeOf"/> gives EC2's own code.</exception>
    public Task<T> AskAsync<T>(Func<IAmazonEC2, Task<T>> question, CancellationToken cancellationToken) =>
        GuardAsync(() => question(ec2.Value), cancellationToken);

    /// <summary>Calls SSM.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Ec2Errors"/>.</exception>
    public Task<T> AskSsmAsync<T>(Func<IAmazonSimpleSystemsManagement, Task<T>> question, CancellationToken cancellationToken) =>
        GuardAsync(() => question(ssm.Value), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (ec2.IsValueCreated)
            ec2.Value.Dispose();
        if (ssm.IsValueCreated)
            ssm.Value.Dispose();
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not SwarmOpsException)
        {
            throw Ec2Errors.From(exception, name);
        }
    }
}
