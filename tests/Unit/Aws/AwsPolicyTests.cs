using System.Text.Json;
using System.Text.RegularExpressions;
using SwarmOps.Pipeline;

namespace SwarmOps.Tests.Unit;

/// <summary>The permissions that docs/aws.md asks for are those of the calls that the code can make, no more and no less.</summary>
public sealed partial class AwsPolicyTests
{
    [Fact]
    public void The_policy_allows_the_calls_of_the_code_and_no_other()
    {
        var sources = Directory.GetFiles(
            Path.Combine(DocumentedErrorTests.Root, "src", "SwarmOps.Cmdlets", "Aws"),
            "*.cs",
            SearchOption.AllDirectories
        );
        // The operations' own requests are no calls.
        var own = typeof(AsyncCmdlet).Assembly.GetTypes().Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
        var called = sources
            .SelectMany(path => Call().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value))
            .Where(name => !own.Contains($"{name}Request"))
            .Select(name => $"ec2:{name}")
            .Concat(
                sources.SelectMany(path =>
                    Route53Call().Matches(File.ReadAllText(path)).Select(match => $"route53:{match.Groups[1].Value}")
                )
            )
            .Concat(sources.SelectMany(path => EcrCall().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value)))
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(called, Allowed().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Allowed()
    {
        var page = File.ReadAllText(Path.Combine(DocumentedErrorTests.Root, "docs", "aws.md"));
        using var policy = JsonDocument.Parse(page.Split("```json")[1].Split("```")[0]);
        return
        [
            .. policy
                .RootElement.GetProperty("Statement")
                .EnumerateArray()
                .SelectMany(statement => statement.GetProperty("Action").EnumerateArray())
                .Select(action => action.GetString()!),
        ];
    }

    [GeneratedRegex(
        @"new ((?:Describe|Get|Create|Delete|Run|Start|Stop|Terminate|Allocate|Associate|Disassociate|Release|Authorize|Revoke|Modify|Import)[A-Za-z]+)Request\b"
    )]
    private static partial Regex Call();

    [GeneratedRegex(@"(?:AskAsync|ReadAsync)\(\s*""([A-Z][A-Za-z0-9]+)""")]
    private static partial Regex Route53Call();

    [GeneratedRegex(@"""(ecr:[A-Za-z]+)""")]
    private static partial Regex EcrCall();
}
