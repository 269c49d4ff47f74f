using System.Globalization;
using System.Management.Automation;
using System.Xml.Linq;

namespace SwarmOps.HelpBuilder;

/// <summary>Writes the help file that Get-Help reads (MAML, the schema of PowerShell's own help files).</summary>
internal static class MamlWriter
{
    private static readonly XNamespace Msh = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Writes one file for the cmdlets of one assembly.</summary>
    public static void Write(string path, IEnumerable<CmdletInfo> cmdlets, IReadOnlyList<HelpPage> pages, ProjectSite site)
    {
        var commands = from cmdlet in cmdlets join page in pages on cmdlet.Name equals page.Name select Describe(cmdlet, page, site);
        var document = new XDocument(
            new XDeclaration("1.0", "utf-8", null),
            new XElement(
                Msh + "helpItems",
                new XAttribute("schema", "maml"),
                new XAttribute(XNamespace.Xmlns + "maml", Maml),
                new XAttribute(XNamespace.Xmlns + "command", Command),
                new XAttribute(XNamespace.Xmlns + "dev", Dev),
                commands
            )
        );
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        document.Save(path);
    }

    private static XElement Describe(CmdletInfo cmdlet, HelpPage page, ProjectSite site) =>
        new(
            Command + "command",
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                new XElement(Command + "verb", cmdlet.Verb),
                new XElement(Command + "noun", cmdlet.Noun),
                Text("description", page.Synopsis)
            ),
            Text("description", page.Description),
            new XElement(Command + "syntax", cmdlet.ParameterSets.Select(set => SyntaxItem(cmdlet, set, page))),
            new XElement(Command + "parameters", AllParameters(cmdlet).Select(parameter => Parameter(parameter, page, inSyntax: false))),
            new XElement(Command + "inputTypes", Inputs(cmdlet, page).Select(entry => TypeEntry("inputType", entry))),
            new XElement(Command + "returnValues", Outputs(cmdlet, page).Select(entry => TypeEntry("returnValue", entry))),
            new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(page.Notes))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Command + "relatedLinks", Links(page, site).Select(Link))
        );

    private static XElement SyntaxItem(CmdletInfo cmdlet, CommandParameterSetInfo set, HelpPage page) =>
        new(
            Command + "syntaxItem",
            new XElement(Maml + "name", cmdlet.Name),
            CmdletParameters.InSyntaxOrder(set).Select(parameter => Parameter(parameter, page, inSyntax: true))
        );

    // Each parameter once, as its first set has it, with those of ShouldProcess last.
    private static IEnumerable<CommandParameterInfo> AllParameters(CmdletInfo cmdlet) =>
        cmdlet
            .ParameterSets.OrderByDescending(set => set.IsDefault)
            .SelectMany(CmdletParameters.InSyntaxOrder)
            .DistinctBy(parameter => parameter.Name)
            .OrderBy(parameter => CmdletParameters.StandardText(parameter.Name) is not null);

    private static XElement Parameter(CommandParameterInfo parameter, HelpPage page, bool inSyntax)
    {
        var entry = page.Parameters.FirstOrDefault(entry => entry.Name == parameter.Name);
        var isSwitch = parameter.ParameterType == typeof(SwitchParameter);
        var type = CmdletParameters.TypeName(parameter.ParameterType);
        var values = inSyntax ? CmdletParameters.Values(parameter.ParameterType, parameter.Attributes) : [];
        return new XElement(
            Command + "parameter",
            new XAttribute("required", Word(parameter.IsMandatory)),
            new XAttribute("globbing", Word(parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any())),
            new XAttribute("pipelineInput", PipelineInput(parameter)),
            new XAttribute("position", parameter.Position >= 0 ? parameter.Position.ToString(CultureInfo.InvariantCulture) : "named"),
            new XAttribute("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none"),
            new XElement(Maml + "name", parameter.Name),
            Text("description", entry?.Text ?? [CmdletParameters.StandardText(parameter.Name) ?? ""]),
            values.Count > 0 ? new XElement(Command + "parameterValueGroup", values.Select(Value)) : null,
            isSwitch && inSyntax ? null : new XElement(Command + "parameterValue", new XAttribute("required", Word(!isSwitch)), type),
            new XElement(Dev + "type", new XElement(Maml + "name", type)),
            new XElement(Dev + "defaultValue", entry?.Default ?? (isSwitch ? "False" : "None"))
        );
    }

    private static XElement Value(string value) => new(Command + "parameterValue", new XAttribute("required", "false"), value);

    private static string PipelineInput(CommandParameterInfo parameter) =>
        (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
        {
            (true, true) => "True (ByPropertyName, ByValue)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };

    // What a page does not say, the module does: the types of the parameters that take pipeline objects, and the declared output types.
    private static IEnumerable<HelpEntry> Inputs(CmdletInfo cmdlet, HelpPage page) =>
        page.Inputs.Count > 0
            ? page.Inputs
            : AllParameters(cmdlet)
                .Where(parameter => parameter.ValueFromPipeline)
                .Select(parameter => new HelpEntry(parameter.ParameterType.ToString(), []));

    private static IEnumerable<HelpEntry> Outputs(CmdletInfo cmdlet, HelpPage page) =>
        page.Outputs.Count > 0 ? page.Outputs : cmdlet.OutputType.Select(type => new HelpEntry(type.Name, []));

    private static XElement TypeEntry(string element, HelpEntry entry) =>
        new(Command + element, new XElement(Dev + "type", new XElement(Maml + "name", entry.Name)), Text("description", entry.Text));

    private static XElement Example(HelpExample example, int index) =>
        new(
            Command + "example",
            new XElement(Maml + "title", $"--- Example {index + 1}: {example.Title} ---"),
            new XElement(Dev + "code", example.Code),
            // Get-Help draws no space between examples: an empty paragraph is it.
            new XElement(Dev + "remarks", Paragraphs([.. example.Remarks, ""]))
        );

    // Get-Help -Online opens the first link that has an address.
    private static IEnumerable<HelpLink> Links(HelpPage page, ProjectSite site) =>
        page.Links.Prepend(new HelpLink("Online Version:", site.CmdletPage(page.Name)));

    private static XElement Link(HelpLink link) =>
        new(Maml + "navigationLink", new XElement(Maml + "linkText", link.Text), new XElement(Maml + "uri", link.Address));

    private static XElement Text(string element, IEnumerable<string> paragraphs) => new(Maml + element, Paragraphs(paragraphs));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> paragraphs) =>
        paragraphs.Select(text => new XElement(Maml + "para", text));

    private static string Word(bool value) => value ? "true" : "false";
}
