namespace SwarmOps.Tests.Unit;

/// <summary>Tests that measure the memory of the whole process: nothing may run beside them.</summary>
[CollectionDefinition(nameof(MemoryMeasurement), DisableParallelization = true)]
public sealed class MemoryMeasurement;

/// <summary>What a hostile length of a frame costs.</summary>
[Collection(nameof(MemoryMeasurement))]
public sealed class TransportFrameMemoryTests
{
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(64 * 1024 * 1024)]
    public async Task A_frame_of_absurd_length_is_an_error_and_no_allocation(int length)
    {
        var before = GC.GetTotalAllocatedBytes();
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            TransportOddInputTests.ReadAsync(TransportOddInputTests.Frame(1, length, "a line\n"))
        );
        Assert.Equal("EngineStreamInvalid", error.ErrorId);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 32 * 1024 * 1024, "it was allocated");
    }
}
