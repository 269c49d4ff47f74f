using System.Diagnostics;
using SwarmOps.Limit;

// limit MANAGERS NODE...: forms a swarm on bare engines and prints one line of JSON.
if (args.Length < 2 || !int.TryParse(args[0], out var managerCount) || managerCount < 1 || managerCount >= args.Length)
{
    Console.Error.WriteLine("Usage: limit MANAGERS unix://SOCKET,NAME,REGION,PUBLIC,PRIVATE...");
    return 2;
}

var engines = args.Skip(1).Select(word => new Engine(Host.Parse(word))).ToList();
try
{
    var before = Process.GetCurrentProcess().TotalProcessorTime;
    var report = await new Formation(engines, managerCount).RunAsync();
    report.ProcessorSeconds = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
    Console.WriteLine(report.ToJson());
    return 0;
}
catch (Exception error) when (error is InvalidOperationException or TimeoutException or HttpRequestException)
{
    Console.Error.WriteLine($"limit: {error.Message}");
    return 1;
}
finally
{
    engines.ForEach(engine => engine.Dispose());
}
