using System.Management.Automation;
using SwarmOps.Completion;

namespace SwarmOps.Tests.Unit;

/// <summary>Whatever goes wrong: no error, and no names of files.</summary>
public sealed class CompletionSilenceTests : IDisposable
{
    private readonly CompletionPrompt prompt = new(typeof(TestSilenceCommand));

    public void Dispose() => prompt.Dispose();

    [Theory]
    [InlineData("-Failing ")]
    [InlineData("-Failing w")]
    [InlineData("-Failing 'w")]
    [InlineData("-Failing x, ")]
    [InlineData("-Failing:")]
    [InlineData("-Late ")]
    [InlineData("-Empty ")]
    [InlineData("-Empty we")]
    [InlineData("-Empty web-f")]
    public void A_completer_that_fails_or_finds_nothing_offers_nothing(string arguments)
    {
        Assert.Empty(prompt.Words("Test-Silence " + arguments));
        Assert.Empty(prompt.Run("$Error"));
    }

    [Fact]
    public void Without_a_completer_PowerShell_would_offer_files() =>
        Assert.Contains(prompt.Words("Test-Silence -Plain we"), word => word == CompletionPrompt.Files);

    [Theory]
    [InlineData("Get-SwarmService -Name ")]
    [InlineData("Get-SwarmService -Name we")]
    [InlineData("Get-SwarmNode -Name ")]
    [InlineData("Update-SwarmSecret -Name ")]
    [InlineData("New-SwarmService -Image ")]
    [InlineData("Get-SwarmOverlay -Name ")]
    [InlineData("Get-GaleraCluster -Name ")]
    [InlineData("New-SwarmService -Secret ")]
    public void Where_no_node_is_known_nothing_is_offered(string line) => Assert.Empty(prompt.Words(line));

    [Fact]
    public void Nodes_that_cannot_be_reached_offer_nothing()
    {
        SwarmNode[] nodes =
        [
            new() { Name = "gone", DockerHost = "unix:///nowhere/docker.sock" },
            new() { Name = "bare" },
            new() { Name = "bad", DockerHost = "smoke://signal" },
        ];

        Assert.Empty(prompt.Words("$nodes | Get-SwarmService -Name ", ("nodes", nodes)));
        Assert.Empty(prompt.Words("$nodes | New-SwarmService -Image "));
        Assert.Equal(["bad", "bare", "gone"], prompt.Words("$nodes | Get-SwarmNode -Name "));
        Assert.Empty(prompt.Run("$Error"));
    }

    [Fact]
    public void A_name_that_would_break_the_line_is_not_offered_and_a_tooltip_shows_no_control_character()
    {
        var match = Assert.Single(prompt.Tab("Test-Silence -Odd "));
        Assert.Equal(("fine", "a [2J b"), (match.CompletionText, match.ToolTip));
    }

    [Theory]
    [InlineData("Get-SwarmNode -Name ", "'a`[1`]'")]
    [InlineData("Initialize-Swarm -On ", "a[1]")]
    public void Wildcards_in_a_name_are_escaped_where_the_parameter_takes_them(string line, string expected)
    {
        var match = Assert.Single(
            prompt.Tab("$node | " + line, ("node", new SwarmNode { Name = "a[1]", DockerHost = "unix:///nowhere/docker.sock" }))
        );
        Assert.Equal((expected, "a[1]"), (match.CompletionText, match.ListItemText));
    }

    public sealed class FailingCompleter : NameCompleter
    {
        private protected override IEnumerable<Candidate> Find(CompletionRequest request) => throw new InvalidOperationException("a bug");
    }

    public sealed class LateCompleter : NameCompleter
    {
        private protected override IEnumerable<Candidate> Find(CompletionRequest request)
        {
            yield return new Candidate("first");
            throw new InvalidOperationException("a bug");
        }
    }

    public sealed class EmptyCompleter : NameCompleter
    {
        private protected override IEnumerable<Candidate> Find(CompletionRequest request) => [];
    }

    public sealed class OddCompleter : NameCompleter
    {
        private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
            [new("a\nb"), new(""), new("\u001b[2J"), new("fine", "a\u001b[2J\u0007b")];
    }

    [Cmdlet(VerbsDiagnostic.Test, "Silence")]
    public sealed class TestSilenceCommand : PSCmdlet
    {
        [Parameter]
        [ArgumentCompleter(typeof(FailingCompleter))]
        public string[] Failing { get; set; } = [];

        [Parameter]
        [ArgumentCompleter(typeof(LateCompleter))]
        public string[] Late { get; set; } = [];

        [Parameter]
        [ArgumentCompleter(typeof(EmptyCompleter))]
        public string[] Empty { get; set; } = [];

        [Parameter]
        [ArgumentCompleter(typeof(OddCompleter))]
        public string[] Odd { get; set; } = [];

        [Parameter]
        public string[] Plain { get; set; } = [];
    }
}
