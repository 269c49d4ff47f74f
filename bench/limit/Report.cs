using System.Diagnostics;
using System.Text.Json;

namespace SwarmOps.Limit;

/// <summary>What was measured, in seconds.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    public double Seconds { get; set; }

    public double ProcessorSeconds { get; set; }

    /// <summary>The time of each stage, in the pipeline's order.</summary>
    public Dictionary<string, double> Stages { get; } = [];

    /// <summary>The promotions.</summary>
    public List<Manager> Managers { get; } = [];

    public Task MeasureAsync(string stage, Stopwatch clock, Func<Task> work) =>
        MeasureAsync(
            stage,
            clock,
            async () =>
            {
                await work();
                return true;
            }
        );

    public async Task<T> MeasureAsync<T>(string stage, Stopwatch clock, Func<Task<T>> work)
    {
        var begun = clock.Elapsed;
        var result = await work();
        Stages[stage] = (clock.Elapsed - begun).TotalSeconds;
        return result;
    }

    public string ToJson() => JsonSerializer.Serialize(this, Camel);

    /// <summary>A promotion: seconds from its request until the leader reported the node Reachable, and until the node itself served.</summary>
    internal sealed record Manager(string Name)
    {
        public double Reachable { get; set; }

        public double Serving { get; set; }
    }
}
