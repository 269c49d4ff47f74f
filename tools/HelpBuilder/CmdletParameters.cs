using System.Management.Automation;

namespace SwarmOps.HelpBuilder;

/// <summary>Which parameters of a cmdlet its help shows, and how they are named there.</summary>
internal static class CmdletParameters
{
    private static readonly string[] ShouldProcess = ["WhatIf", "Confirm"];

    /// <summary>The texts of the parameters that the engine adds for ShouldProcess: the same for every cmdlet.</summary>
    public static string? StandardText(string name) =>
        name.ToUpperInvariant() switch
        {
            "WHATIF" => "Shows what would be done, and does nothing.",
            "CONFIRM" => "Asks before each change. With -Confirm:$false nothing is asked.",
            _ => null,
        };

    /// <summary>The parameters that a page has to describe: all but the common ones, those of ShouldProcess and hidden ones.</summary>
    public static IEnumerable<ParameterMetadata> ToDescribe(CmdletInfo cmdlet) =>
        cmdlet.Parameters.Values.Where(parameter =>
            IsShown(parameter.Name, parameter.Attributes) && !ShouldProcess.Contains(parameter.Name)
        );

    /// <summary>The parameters of one parameter set in the order of the syntax line: positional ones, other mandatory ones, the rest.</summary>
    public static IEnumerable<CommandParameterInfo> InSyntaxOrder(CommandParameterSetInfo set) =>
        set
            .Parameters.Where(parameter => IsShown(parameter.Name, parameter.Attributes))
            .OrderBy(parameter => parameter.Position >= 0 ? parameter.Position : int.MaxValue)
            .ThenBy(parameter => !parameter.IsMandatory)
            .ThenBy(parameter => ShouldProcess.Contains(parameter.Name));

    /// <summary>The short name of a type, as users write it: <c>SwarmNode[]</c>, <c>Int32</c>, <c>TimeSpan</c>.</summary>
    public static string TypeName(Type type)
    {
        if (type.IsArray)
            return $"{TypeName(type.GetElementType()!)}[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return TypeName(underlying);
        if (!type.IsGenericType)
            return type.Name;

        return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}[{string.Join(",", type.GetGenericArguments().Select(TypeName))}]";
    }

    /// <summary>The values that a parameter takes, where they can be listed: an enumeration or a validated set.</summary>
    public static IReadOnlyList<string> Values(Type type, IEnumerable<Attribute> attributes)
    {
        if (attributes.OfType<ValidateSetAttribute>().FirstOrDefault() is { } set)
            return [.. set.ValidValues];

        var element = type.IsArray ? type.GetElementType()! : type;
        element = Nullable.GetUnderlyingType(element) ?? element;
        return element.IsEnum ? Enum.GetNames(element) : [];
    }

    private static bool IsShown(string name, IEnumerable<Attribute> attributes) =>
        !Cmdlet.CommonParameters.Contains(name, StringComparer.OrdinalIgnoreCase)
        && !attributes.OfType<ParameterAttribute>().Any(attribute => attribute.DontShow);
}
