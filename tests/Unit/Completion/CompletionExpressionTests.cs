using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using SwarmOps.Completion;

namespace SwarmOps.Tests.Unit;

/// <summary>Which nodes a command line speaks of, and that nothing is run to find out.</summary>
public sealed class CompletionExpressionTests : IDisposable
{
    private static readonly SwarmNode One = new() { Name = "one", DockerHost = "ssh://u@192.0.2.1" };
    private static readonly SwarmNode Two = new() { Name = "two", DockerHost = "ssh://u@192.0.2.2" };
    private readonly CompletionPrompt prompt = new(typeof(TestNodesCommand));

    public void Dispose() => prompt.Dispose();

    [Theory]
    [InlineData("$nodes | Test-Nodes -Name ", "one two")]
    [InlineData("$nodes | Initialize-Swarm | Join-SwarmAsWorker | Test-Nodes -Name ", "one two")]
    [InlineData("$nodes[0] | Test-Nodes -Name ", "one")]
    [InlineData("$nodes[-1] | Test-Nodes -Name ", "two")]
    [InlineData("$nodes[1,0] | Test-Nodes -Name ", "two one")]
    [InlineData("$one | Test-Nodes -Name ", "one")]
    [InlineData("$one[0] | Test-Nodes -Name ", "one")]
    [InlineData("$one, $two | Test-Nodes -Name ", "one two")]
    [InlineData("@($one; $two) | Test-Nodes -Name ", "one two")]
    [InlineData("($nodes) | Test-Nodes -Name ", "one two")]
    [InlineData("[SwarmOps.SwarmNode[]] $nodes | Test-Nodes -Name ", "one two")]
    [InlineData("$overlay | Test-Nodes -Name ", "one")]
    [InlineData("$overlay.Nodes | Test-Nodes -Name ", "one")]
    [InlineData("$sites.eu | Test-Nodes -Name ", "one")]
    [InlineData("$sites['eu'] | Test-Nodes -Name ", "one")]
    [InlineData("$global:nodes | Test-Nodes -Name ", "one two")]
    [InlineData("$custom.nodes | Test-Nodes -Name ", "one two")]
    [InlineData("Get-SwarmNode $nodes | Test-Nodes -Name ", "one two")]
    [InlineData("Get-SwarmNode -Node:$one | Where-Object Name -eq $x | Test-Nodes -Name ", "one")]
    [InlineData("Test-Nodes -Node $nodes -Name ", "one two")]
    [InlineData("Test-Nodes $nodes -Name ", "one two")]
    [InlineData("$two | Test-Nodes -Manager $one -Name ", "one two")]
    [InlineData("Test-Nodes @splat -Name ", "two")]
    [InlineData("$found = $nodes | Test-Nodes -Name ", "one two")]
    [InlineData("if ($true) { $one | Test-Nodes -Name ", "one")]
    [InlineData("Test-Nodes -Name ", "")]
    [InlineData("$nothing | Test-Nodes -Name ", "")]
    [InlineData("'one' | Test-Nodes -Name ", "")]
    public void Nodes_are_found_in_arguments_variables_and_earlier_stages(string line, string expected)
    {
        prompt.Run(
            "$x = 1",
            ("nodes", new[] { One, Two }),
            ("one", One),
            ("two", Two),
            ("overlay", new SwarmOverlay { Name = "o", Nodes = [One] })
        );
        prompt.Run("$sites = @{ eu = $one }; $custom = [pscustomobject] @{ nodes = $nodes }; $splat = @{ Node = $two }");

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), prompt.Words(line));
    }

    [Theory]
    [InlineData("Invoke-Trap | Test-Nodes -Name ")]
    [InlineData("(Invoke-Trap) | Test-Nodes -Name ")]
    [InlineData("$(Invoke-Trap) | Test-Nodes -Name ")]
    [InlineData("@(Invoke-Trap) | Test-Nodes -Name ")]
    [InlineData("{ Invoke-Trap }.Invoke() | Test-Nodes -Name ")]
    [InlineData("$trap.Invoke() | Test-Nodes -Name ")]
    [InlineData("$object.Trap | Test-Nodes -Name ")]
    [InlineData("[Trap]::Value | Test-Nodes -Name ")]
    [InlineData("$nodes[(Invoke-Trap)] | Test-Nodes -Name ")]
    [InlineData("\"$(Invoke-Trap)\" | Test-Nodes -Name ")]
    [InlineData("Get-SwarmNode (Invoke-Trap) | Test-Nodes -Name ")]
    [InlineData("Test-Nodes -Node (Invoke-Trap) -Name ")]
    [InlineData("Test-Nodes -Manager $(Invoke-Trap) -Name ")]
    public void Nothing_is_run(string line)
    {
        prompt.Run("function Invoke-Trap { $global:sprung = $true }; $trap = { Invoke-Trap }; $sprung = $false; $nodes = @(1)");
        var trapped = new PSObject();
        trapped.Properties.Add(new PSScriptProperty("Trap", ScriptBlock.Create("Invoke-Trap")));

        Assert.Empty(prompt.Words(line, ("object", trapped)));

        Assert.False((bool)prompt.Run("$global:sprung").Single());
    }

    [Fact]
    public void What_is_enumerated_lazily_is_left_alone()
    {
        var asked = false;
        IEnumerable<SwarmNode> Lazy()
        {
            asked = true;
            yield return One;
        }

        Assert.Empty(prompt.Words("Test-Nodes -Other $lazy -Name ", ("lazy", Lazy())));
        Assert.False(asked);
    }

    [Theory]
    [InlineData("$env:PATH")]
    [InlineData("${function:prompt}")]
    [InlineData("[int]::MaxValue")]
    [InlineData("$x.GetType()")]
    [InlineData("$x.Length")]
    [InlineData("Get-Date")]
    [InlineData("{ 1 }")]
    public void What_a_provider_a_getter_or_a_method_would_tell_is_unknown(string expression)
    {
        prompt.Run("$x = 'text'");
        Runspace.DefaultRunspace = null;
        Assert.False(new SafeExpression(null).TryEvaluate(Expression(expression), out var value) && value is not null);
    }

    [Fact]
    public void Constants_and_lists_of_them_are_known_without_a_session()
    {
        Assert.True(new SafeExpression(null).TryEvaluate(Expression("'a', 7, ('b')"), out var value));
        Assert.Equal(new object[] { "a", 7, "b" }, ((IEnumerable)value!).Cast<object>());
    }

    private static Ast? Expression(string text) =>
        (
            ((PipelineAst)Parser.ParseInput(text, out _, out _).EndBlock.Statements[0]).PipelineElements[0] as CommandExpressionAst
        )?.Expression;

    /// <summary>Completes with the nodes that it finds.</summary>
    public sealed class FoundNodesCompleter : NameCompleter
    {
        private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
            NodeFinder.Find(request).Select(node => new Candidate(node.Name));
    }

    /// <summary>Takes nodes as the module's cmdlets do.</summary>
    [Cmdlet(VerbsDiagnostic.Test, "Nodes")]
    public sealed class TestNodesCommand : PSCmdlet
    {
        [Parameter(Position = 0, ValueFromPipeline = true)]
        public object[] Node { get; set; } = [];

        [Parameter]
        public object[] Manager { get; set; } = [];

        [Parameter]
        public object? Other { get; set; }

        [Parameter]
        [ArgumentCompleter(typeof(FoundNodesCompleter))]
        public string[] Name { get; set; } = [];
    }
}
