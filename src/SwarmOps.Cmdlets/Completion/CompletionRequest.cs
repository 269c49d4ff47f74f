using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SwarmOps.Completion;

/// <summary>One press of Tab: what is on the command line, and how long the user may be kept waiting.</summary>
internal sealed class CompletionRequest
{
    private readonly long pressed = Stopwatch.GetTimestamp();
    private readonly Lazy<SessionState?> session = new(CurrentSession);
    private readonly Lazy<IReadOnlyDictionary<string, object?>> bound;
    private readonly IDictionary? fakeBound;
    private readonly TimeSpan budget = CompletionSession.Current?.Budget ?? CompletionSession.DefaultBudget;

    /// <summary>Takes what PowerShell hands to a completer.</summary>
    public CompletionRequest(
        string? commandName,
        string? parameterName,
        string? wordToComplete,
        CommandAst commandAst,
        IDictionary? fakeBoundParameters
    )
    {
        CommandName = commandName ?? "";
        ParameterName = parameterName ?? "";
        Word = TypedWord.Parse(wordToComplete);
        Command = commandAst;
        fakeBound = fakeBoundParameters;
        bound = new Lazy<IReadOnlyDictionary<string, object?>>(ReadBound);
    }

    /// <summary>The command whose argument is completed.</summary>
    public string CommandName { get; }

    /// <summary>The parameter.</summary>
    public string ParameterName { get; }

    /// <summary>The word at the cursor.</summary>
    public TypedWord Word { get; }

    /// <summary>The command with its other arguments, within its pipeline.</summary>
    public CommandAst Command { get; }

    /// <summary>The session at whose prompt Tab was pressed; null where there is none.</summary>
    public SessionState? Session => session.Value;

    /// <summary>What reads expressions of the command line.</summary>
    public SafeExpression Expressions => new(Session);

    /// <summary>The command's other parameters whose values are known, those of splatted tables included.</summary>
    public IReadOnlyDictionary<string, object?> Bound => bound.Value;

    /// <summary>What is left of <see cref="CompletionSession.Budget"/>.</summary>
    public TimeSpan TimeLeft => budget - Stopwatch.GetElapsedTime(pressed) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Whether the command has an argument whose value is not known, because only running something would tell it.</summary>
    public bool HasUnknownArgument =>
        Command
            .CommandElements.Skip(1)
            .Any(element =>
                element switch
                {
                    CommandParameterAst { Argument: { } argument } => !Expressions.TryEvaluate(argument, out _),
                    VariableExpressionAst { Splatted: true } table => !(
                        Expressions.TryEvaluate(table, out var value) && value is IDictionary
                    ),
                    ExpressionAst expression => !Expressions.TryEvaluate(expression, out _),
                    _ => false,
                }
            );

    /// <summary>The value of another parameter; null where it is not given, not known or of another type.</summary>
    public T? Value<T>(string parameter)
        where T : class => Bound.GetValueOrDefault(parameter) as T;

    /// <summary>The texts of another parameter, one or many.</summary>
    public IReadOnlyList<string> Texts(string parameter) =>
        Bound.GetValueOrDefault(parameter) switch
        {
            string one => [one],
            IList many => [.. many.Cast<object?>().Select(SafeExpression.Unwrap).OfType<string>()],
            _ => [],
        };

    private Dictionary<string, object?> ReadBound()
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var table in Command.CommandElements.OfType<VariableExpressionAst>().Where(variable => variable.Splatted))
        {
            if (Expressions.TryEvaluate(table, out var value) && value is IDictionary splatted)
                Add(values, splatted);
        }

        Add(values, fakeBound);
        return values;
    }

    private static void Add(Dictionary<string, object?> values, IDictionary? table)
    {
        foreach (var entry in (table ?? new Hashtable()).Keys.OfType<string>())
            values[entry] = SafeExpression.Unwrap(table![entry]);
    }

    /// <summary>
    /// Asked for by a script of one variable: while a pipeline runs, and completion is one, the runspace gives its variables to nobody
    /// else.
    /// </summary>
    private static SessionState? CurrentSession()
    {
        try
        {
            using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
            return shell.AddScript("$ExecutionContext.SessionState", useLocalScope: false).Invoke<SessionState>().FirstOrDefault();
        }
        catch (Exception exception) when (exception is RuntimeException or InvalidOperationException)
        {
            return null;
        }
    }
}
