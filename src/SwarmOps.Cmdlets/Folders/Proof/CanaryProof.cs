using System.Diagnostics;
using System.Globalization;
using SwarmOps.Folders.State;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Folders.Proof;

/// <summary>Proves a folder by test files: one is written in each copy and looked for, with its hash, in every other one. They are removed afterwards.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="folder">Name of the folder.</param>
/// <param name="containers">The containers of its copies.</param>
internal sealed class CanaryProof(IOperationContext context, string folder, IReadOnlyList<FolderContainer> containers)
{
    /// <summary>Time to start and to answer besides the wait itself.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>An engine ends an exec without output after three minutes (<see cref="EngineCall.StreamPatience"/>).</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(20);

    private const int ClockReadings = 3;

    /// <summary>Runs it.</summary>
    /// <param name="bytes">Size of each test file.</param>
    /// <param name="limit">How long the files may take.</param>
    /// <returns>Every pair of copies.</returns>
    public async Task<IReadOnlyList<SwarmSharedFolderPath>> RunAsync(long bytes, TimeSpan limit)
    {
        var run = Convert.ToHexString(Guid.NewGuid().ToByteArray()[..6]).ToLowerInvariant();
        var names = containers
            .Select(
                (container, index) => (container, Name: string.Create(CultureInfo.InvariantCulture, $"{FolderNames.Canary}{run}-{index}"))
            )
            .ToDictionary(pair => pair.container, pair => pair.Name);
        try
        {
            var clocks = await EachAsync(container => ClockAsync(container)).ConfigureAwait(false);
            var waits = EachAsync(container => WaitAsync(container, names, limit));
            var writes = EachAsync(container => WriteAsync(container, names[container], bytes));
            await Task.WhenAll(waits, writes).ConfigureAwait(false);
            return Paths(names, clocks, await writes.ConfigureAwait(false), await waits.ConfigureAwait(false), bytes, limit);
        }
        finally
        {
            await RemoveAsync(names).ConfigureAwait(false);
        }
    }

    private List<SwarmSharedFolderPath> Paths(
        Dictionary<FolderContainer, string> names,
        IReadOnlyDictionary<FolderContainer, Answer<double>> clocks,
        IReadOnlyDictionary<FolderContainer, Answer<Sighting>> writes,
        IReadOnlyDictionary<FolderContainer, Answer<IReadOnlyDictionary<string, Sighting>>> waits,
        long bytes,
        TimeSpan limit
    )
    {
        var paths = new List<SwarmSharedFolderPath>();
        foreach (var (from, to) in containers.SelectMany(from => containers.Where(to => to != from).Select(to => (from, to))))
        {
            var path = new SwarmSharedFolderPath
            {
                Folder = folder,
                From = from.Node.Name,
                FromRegion = from.Node.Region,
                To = to.Node.Name,
                ToRegion = to.Node.Region,
                Bytes = bytes,
            };
            var written = writes[from];
            var waited = waits[to];
            if (written.Value is not { } original || waited.Value is not { } seen)
                path = path with
                {
                    Result = FindingResult.NotTested,
                    Detail = written.Value is null
                        ? $"'{from.Node.Name}' could not write the file: {written.Error}"
                        : $"'{to.Node.Name}' could not look for the file: {waited.Error}",
                    RecommendedAction = $"Look at Get-SwarmSharedFolder -Name {folder}.",
                };
            else if (!seen.TryGetValue(names[from], out var copy))
                path = path with
                {
                    Result = FindingResult.Fail,
                    Detail = string.Create(CultureInfo.InvariantCulture, $"the file did not arrive within {limit.TotalSeconds:0} s"),
                    RecommendedAction = $"Look at Get-SwarmSharedFolder -Name {folder}, and at Test-SwarmOverlay.",
                };
            else if (copy.Hash != original.Hash)
                path = path with
                {
                    Result = FindingResult.Fail,
                    Detail = "the file arrived with other content",
                    RecommendedAction =
                        $"Check the disks of '{from.Node.Name}' and '{to.Node.Name}' (dmesg), and what else writes into the folder.",
                };
            else
                path = path with
                {
                    Result = FindingResult.Pass,
                    Milliseconds = Elapsed(clocks[from], original, clocks[to], copy),
                    Detail = "the file arrived with the same hash",
                };
            paths.Add(path);
        }

        return paths;
    }

    /// <summary>The hosts' own monotonic clocks, each related to the clock here: wall clocks of hosts are not compared.</summary>
    private static double? Elapsed(Answer<double> fromClock, Sighting written, Answer<double> toClock, Sighting seen) =>
        fromClock is { Value: var from, Error: null } && toClock is { Value: var to, Error: null }
            ? Math.Max(0, Math.Round(((to + seen.Uptime) - (from + written.Uptime)) * 1000))
            : null;

    /// <summary>What the clock here shows when a host's uptime is 0, in seconds; of some readings that with the shortest round trip.</summary>
    private async Task<double> ClockAsync(FolderContainer container)
    {
        var (best, offset) = (double.MaxValue, 0.0);
        for (var reading = 0; reading < ClockReadings; reading++)
        {
            var before = Now();
            var output = await ExecAsync(container, ["cat", "/proc/uptime"], Margin).ConfigureAwait(false);
            var (trip, middle) = (Now() - before, (Now() + before) / 2);
            if (trip >= best)
                continue;
            (best, offset) = (trip, middle - Uptime(output.Split(' ')[0]));
        }

        return offset;
    }

    private async Task<Sighting> WriteAsync(FolderContainer container, string name, long bytes)
    {
        var command = FolderScript.WriteCanary.Command([name, bytes.ToString(CultureInfo.InvariantCulture)]);
        var output = await ExecAsync(container, command, Margin).ConfigureAwait(false);
        return output.Trim().Split(' ') is [var uptime, { Length: > 0 } hash]
            ? new Sighting(Uptime(uptime), hash)
            : throw new InvalidDataException("its disk is full, or the folder is not writable");
    }

    private async Task<IReadOnlyDictionary<string, Sighting>> WaitAsync(
        FolderContainer container,
        Dictionary<FolderContainer, string> names,
        TimeSpan limit
    )
    {
        var found = new Dictionary<string, Sighting>(StringComparer.Ordinal);
        var missing = names.Where(name => name.Key != container).Select(name => name.Value).ToList();
        var deadline = Deadline.In(limit);
        do
        {
            var time = limit < LongestWait ? limit : LongestWait;
            var command = FolderScript.WaitForCanaries.Command([$"{Math.Ceiling(time.TotalSeconds)}", .. missing]);
            var output = await ExecAsync(container, command, time + Margin).ConfigureAwait(false);
            foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Split(' ') is [var name, var uptime, { Length: > 0 } hash])
                    found[name] = new Sighting(Uptime(uptime), hash);
            }

            missing.RemoveAll(found.ContainsKey);
        } while (missing.Count > 0 && deadline.LeavesTimeFor(TimeSpan.FromSeconds(1)));

        return found;
    }

    private async Task RemoveAsync(Dictionary<FolderContainer, string> names)
    {
        using var hold = context.HoldConnections();
        using var limit = new CancellationTokenSource(RemovalLimit);
        await Task.WhenAll(
                names.Select(async name =>
                {
                    try
                    {
                        await ContainerExec
                            .RunAsync(
                                context.Connection(name.Key.Node),
                                name.Key.Id,
                                ["rm", "-f", $"{FolderNames.Target}/{name.Value}", $"{FolderNames.Target}/.syncthing.{name.Value}.tmp"],
                                limit.Token
                            )
                            .ConfigureAwait(false);
                    }
                    catch (Exception error) when (error is SwarmOpsException or OperationCanceledException)
                    {
                        // The next proof removes what is older than an hour.
                    }
                })
            )
            .ConfigureAwait(false);
    }

    private async Task<IReadOnlyDictionary<FolderContainer, Answer<T>>> EachAsync<T>(Func<FolderContainer, Task<T>> action)
    {
        var answers = await Task.WhenAll(
                containers.Select(async container =>
                {
                    try
                    {
                        return (container, new Answer<T>(await action(container).ConfigureAwait(false), null));
                    }
                    catch (Exception error) when (error is SwarmOpsException or InvalidDataException or FormatException)
                    {
                        return (container, new Answer<T>(default, error.Message.TrimEnd('.')));
                    }
                })
            )
            .ConfigureAwait(false);
        return answers.ToDictionary(answer => answer.container, answer => answer.Item2);
    }

    private async Task<string> ExecAsync(FolderContainer container, IReadOnlyList<string> command, TimeSpan time)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        limit.CancelAfter(time);
        try
        {
            return await ContainerExec
                .RunAsync(context.Connection(container.Node), container.Id, command, limit.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw new InvalidDataException($"it did not answer within {time.TotalSeconds:0} s");
        }
    }

    private static double Now() => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    private static double Uptime(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>A test file as one host has it.</summary>
    /// <param name="Uptime">The host's uptime in seconds when the file was written or seen.</param>
    /// <param name="Hash">Its hash.</param>
    private sealed record Sighting(double Uptime, string Hash);

    /// <summary>What came of asking one container.</summary>
    private sealed record Answer<T>(T? Value, string? Error);
}
