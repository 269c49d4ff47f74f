using System.Diagnostics;
using System.Management.Automation;
using System.Text.Json;
using SwarmOps.Transport;

[assembly: AssemblyFixture(typeof(SwarmOps.Tests.Lab.LabFixture))]
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]

namespace SwarmOps.Tests.Lab;

/// <summary>The intercontinental swarm in a box, up for the whole run and down after it.</summary>
public sealed class LabFixture : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private string name = "";

    public IReadOnlyList<LabHost> Hosts { get; private set; } = [];

    /// <summary>The registry that wants a password.</summary>
    public LabRegistry PrivateRegistry { get; private set; } = new("", "", "");

    public async ValueTask InitializeAsync()
    {
        name = Environment.GetEnvironmentVariable("SWARMOPS_LAB") is { Length: > 0 } given ? given : $"t{Environment.ProcessId}";
        if (name.StartsWith('t'))
            await LabAsync("up", "--name", name);
        await RefreshAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (name.StartsWith('t'))
            await LabAsync("down", "--name", name);
    }

    /// <summary>Runs a lab command on this lab; throws with its output when it fails.</summary>
    public static async Task<string> LabAsync(params string[] arguments)
    {
        var result = await Shell.RunAsync(Path.Combine(Repository.Root, "lab", "lab"), arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException(
                $"lab {string.Join(' ', arguments)} failed with {result.ExitCode}: {result.Output}{result.Error}"
            );
    }

    /// <summary>Runs a lab subcommand with this lab's name added.</summary>
    public Task<string> OnLabAsync(params string[] arguments) => LabAsync([.. arguments, "--name", name]);

    /// <summary>Runs a shell command on a host, as its root, through the host's namespaces.</summary>
    public Task<string> ExecAsync(LabHost host, string script) => LabAsync("exec", "--name", name, host.Name, "--", "sh", "-c", script);

    /// <summary>Puts an image of the first host into the registry that wants a password.</summary>
    public Task<string> PushAsync(string image, string target) =>
        ExecAsync(
            Hosts[0],
            $$"""
            set -e
            printf %s '{{PrivateRegistry.Password}}' | docker --config /tmp/push login -u {{PrivateRegistry.User}} --password-stdin {{PrivateRegistry.Address}} >/dev/null 2>&1
            docker tag {{image}} {{target}}
            docker --config /tmp/push push -q {{target}} >/dev/null
            rm -r /tmp/push
            """
        );

    /// <summary>Reads the hosts again, after one was added or removed.</summary>
    public async Task RefreshAsync()
    {
        var status = JsonSerializer.Deserialize<LabStatus>(await LabAsync("status", "--name", name, "--json"), Json)!;
        Hosts = status.Hosts;
        PrivateRegistry = status.PrivateRegistry;
    }

    /// <summary>Ends all faults and makes every engine a bare one, as tests/reset-engine.sh says.</summary>
    public async Task ResetAsync()
    {
        var reset = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "reset-engine.sh"));
        await OnLabAsync("fault", "heal");
        await Task.WhenAll(Hosts.Select(host => ExecAsync(host, reset)));
    }

    private sealed record LabStatus(IReadOnlyList<LabHost> Hosts, LabRegistry PrivateRegistry);
}

/// <summary>A registry of the lab, as <c>lab status --json</c> says.</summary>
public sealed record LabRegistry(string Address, string User, string PasswordFile)
{
    public string Password => File.ReadAllText(PasswordFile);

    /// <summary>User name and password, or another one, as cmdlets take them.</summary>
    public PSCredential Credential(string? password = null) =>
        new(User, new System.Net.NetworkCredential("", password ?? Password).SecurePassword);
}

/// <summary>A host of the lab, as <c>lab status --json</c> says.</summary>
public sealed record LabHost(
    string Name,
    string Region,
    string PublicAddress,
    string PrivateAddress,
    string User,
    int SshPort,
    string KeyFile,
    string HostKeyFingerprint,
    string KnownHostsFile,
    string DockerSocket,
    string Engine
)
{
    /// <summary>The command that describes it to the module, for scripts that run on their own.</summary>
    public string Description =>
        $"New-SwarmNode -Name '{Name}' -Region '{Region}' -PublicAddress {PublicAddress} -PrivateAddress {PrivateAddress} -User {User} -Port {SshPort} -KeyFilePath '{KeyFile}' -HostKeyFingerprint '{HostKeyFingerprint}'";
}

/// <summary>Where things are.</summary>
public static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string Module { get; } =
        Path.Combine(Root, "artifacts", "module", "SwarmOps", Metadata("ModuleVersion"), "SwarmOps.psd1");

    /// <summary>The program that runs a script and kills itself.</summary>
    public static string KillHost { get; } = Metadata("KillHost");

    /// <summary>PowerShell, for a session of its own: the one that runs the build, else the one on PATH.</summary>
    public static string PowerShell { get; } =
        Environment.GetEnvironmentVariable("SWARMOPS_PWSH") is { Length: > 0 } given ? given : "pwsh";

    /// <summary>Other versions of packages that the module carries, as another module would have loaded them before.</summary>
    public static IReadOnlyList<string> ForeignAssemblies { get; } = Metadata("Foreign").Split(';');

    private static string Metadata(string key) =>
        typeof(Repository)
            .Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
            .Cast<System.Reflection.AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == key)
            .Value!;
}

/// <summary>Runs a program to its end.</summary>
public static class Shell
{
    /// <summary>Nothing that a test starts takes this long: a hang must fail one test, not the run.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            }
        )!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Longest);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{program} {string.Join(' ', arguments)}' did not end within {Longest.TotalMinutes:0} minutes.");
        }

        return (process.ExitCode, await output, await error);
    }
}
