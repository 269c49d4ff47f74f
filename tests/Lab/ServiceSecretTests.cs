using System.Management.Automation;

namespace SwarmOps.Tests.Lab;

/// <summary>A canary wherever a service may have a secret: it is in no plan, no verbose line, no warning, no progress and no error, and in no export of one.</summary>
public sealed class ServiceSecretTests(LabFixture lab)
{
    private const string Canary = "canary-3f9a71c2";

    private const string Places = $$"""
        -Environment @{ DB_PASSWORD = '{{Canary}}'; HARMLESS = 'x{{Canary}}' } -Label @{ 'app-token' = '{{Canary}}' } -ContainerLabel @{ 'db.password' = '{{Canary}}' }
        """;

    [Theory]
    [InlineData(
        "New-SwarmService -Name shy -Image lab/busybox:latest {places} -Command sh -ArgumentList '-c', 'echo starting with {canary}; exit 3' -TimeoutSeconds 25 -Verbose"
    )]
    [InlineData(
        "New-SwarmService -Name shy -Image lab/busybox:latest {places} -Command sh -ArgumentList '-c', 'sleep 600 {canary}' -WhatIf -Verbose"
    )]
    [InlineData(
        "New-SwarmService -Name shy -Image lab/busybox:latest {places} -Command nosuchprogram -ArgumentList '{canary}' -TimeoutSeconds 25 -Verbose"
    )]
    [InlineData(
        "New-SwarmService -Name shy -Image lab/busybox:latest -Command sleep -ArgumentList 600 -TimeoutSeconds 60; $n | Update-SwarmService -Name shy {places} -ArgumentList '600', '{canary}' -HealthCommand 'echo {canary}; exit 1' -HealthIntervalSeconds 1 -HealthRetries 1 -LogDriver json-file -LogOption @{ labels = '{canary}' } -TimeoutSeconds 25 -Verbose"
    )]
    public async Task It_is_nowhere_in_what_comes_out(string script)
    {
        using var session = new Session();
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        script = script.Replace("{places}", Places.Trim(), StringComparison.Ordinal).Replace("{canary}", Canary, StringComparison.Ordinal);
        using var shell = session.Create(
            $"$DebugPreference = 'Continue'; $InformationPreference = 'Continue'\n$n | {script}",
            ("n", nodes)
        );
        try
        {
            shell.Invoke();
        }
        catch (RuntimeException exception)
        {
            shell.Streams.Error.Add(exception.ErrorRecord);
        }

        var said = shell
            .Streams.Verbose.Concat<InformationalRecord>(shell.Streams.Warning)
            .Concat(shell.Streams.Debug)
            .Select(record => record.Message)
            .Concat(shell.Streams.Information.Select(record => record.MessageData?.ToString() ?? ""))
            .Concat(shell.Streams.Progress.Select(record => $"{record.Activity} {record.StatusDescription} {record.CurrentOperation}"))
            .Concat(
                shell.Streams.Error.SelectMany(error =>
                    new[]
                    {
                        error.ToString(),
                        error.Exception.ToString(),
                        error.ErrorDetails?.RecommendedAction ?? "",
                        error.TargetObject?.ToString() ?? "",
                        PSSerializer.Serialize(error.Exception, 5),
                    }
                )
            )
            .ToList();
        TestContext.Current.SendDiagnosticMessage(string.Join('\n', shell.Streams.Error.Select(error => error.ToString())));
        Assert.NotEmpty(said);
        // A parameter that does not exist would prove nothing.
        Assert.DoesNotContain(
            shell.Streams.Error,
            error =>
                error.FullyQualifiedErrorId.StartsWith("NamedParameterNotFound", StringComparison.Ordinal)
                || error.CategoryInfo.Category is ErrorCategory.InvalidArgument or ErrorCategory.ParserError
        );
        Assert.All(said, text => Assert.DoesNotContain(Canary, text, StringComparison.Ordinal));
        await ServiceSwarm.ManagerAsync(lab, "docker service rm shy >/dev/null 2>&1; true");
    }
}
