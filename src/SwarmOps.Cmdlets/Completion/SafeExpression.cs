using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace SwarmOps.Completion;

/// <summary>
/// Evaluates what can be evaluated without running anything: constants, variables, lists and elements of them, and plain properties. A
/// command, a method or a scripted property must not run because somebody pressed Tab.
/// </summary>
/// <param name="session">The session whose variables are read; null knows none.</param>
internal sealed class SafeExpression(SessionState? session)
{
    /// <summary>Evaluates an expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="value">Its value; null also for a variable that does not exist.</param>
    /// <returns>False where only running it would give the value.</returns>
    public bool TryEvaluate(Ast? expression, out object? value)
    {
        value = null;
        return expression switch
        {
            VariableExpressionAst variable => TryVariable(variable, out value),
            ConstantExpressionAst constant => Is(constant.Value, out value),
            ArrayLiteralAst list => TryList(list.Elements, out value),
            ArrayExpressionAst list => TryStatements(list.SubExpression, out value),
            ParenExpressionAst { Pipeline: PipelineAst pipeline } => TryEvaluate(pipeline.GetPureExpression(), out value),
            ConvertExpressionAst conversion => TryEvaluate(conversion.Child, out value),
            IndexExpressionAst element => TryElement(element, out value),
            InvokeMemberExpressionAst => false,
            MemberExpressionAst { Static: false } member => TryMember(member, out value),
            _ => false,
        };
    }

    private bool TryVariable(VariableExpressionAst variable, out object? value)
    {
        value = null;
        // ${C:file} and $env:x are read by a provider.
        if (!variable.VariablePath.IsVariable)
            return false;
        value = Unwrap(session?.PSVariable.GetValue(variable.VariablePath.UserPath));
        return true;
    }

    private bool TryStatements(StatementBlockAst block, out object? value)
    {
        value = null;
        var expressions = block.Statements.Select(statement => (statement as PipelineAst)?.GetPureExpression()).ToList();
        return expressions.TrueForAll(expression => expression is not null) && TryList(expressions!, out value);
    }

    private bool TryList(IEnumerable<ExpressionAst> elements, out object? value)
    {
        var values = new List<object?>();
        value = values;
        foreach (var element in elements)
        {
            if (!TryEvaluate(element, out var one))
                return false;
            values.Add(one);
        }

        return true;
    }

    private bool TryElement(IndexExpressionAst element, out object? value)
    {
        value = null;
        if (!TryEvaluate(element.Target, out var target) || !TryEvaluate(element.Index, out var index))
            return false;
        value = (target, index) switch
        {
            (IDictionary table, { } key) => Unwrap(table.Contains(key) ? table[key] : null),
            (IList list, int position) => At(list, position),
            (IList list, IList positions) => positions.OfType<int>().Select(position => At(list, position)).ToList(),
            // One object is its own first element.
            ({ } single, 0 or -1) => single,
            _ => null,
        };
        return true;
    }

    private bool TryMember(MemberExpressionAst member, out object? value)
    {
        value = null;
        if (member.Member is not StringConstantExpressionAst { Value: var name } || !TryEvaluate(member.Expression, out var target))
            return false;
        if (target is null)
            return true;
        if (target is IDictionary table)
            return Is(table.Contains(name) ? table[name] : null, out value);
        return PSObject.AsPSObject(target).Properties[name] switch
        {
            null => true,
            PSNoteProperty note => Is(note.Value, out value),
            // The getters of the module's own objects are known to do nothing else.
            PSProperty property when target.GetType().Assembly == typeof(SwarmNode).Assembly => Is(property.Value, out value),
            _ => false,
        };
    }

    private static object? At(IList list, int position)
    {
        var index = position < 0 ? list.Count + position : position;
        return index >= 0 && index < list.Count ? Unwrap(list[index]) : null;
    }

    private static bool Is(object? given, out object? value)
    {
        value = Unwrap(given);
        return true;
    }

    /// <summary>The object within PowerShell's wrapper; a custom object is its own.</summary>
    public static object? Unwrap(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
