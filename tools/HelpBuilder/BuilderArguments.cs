namespace SwarmOps.HelpBuilder;

/// <summary>The command line: <c>--module MANIFEST --pages FOLDER [--topics FOLDER] [--strict]</c>.</summary>
/// <param name="Manifest">Full path of the module's manifest.</param>
/// <param name="Pages">Full path of the folder with the Markdown pages of the cmdlets.</param>
/// <param name="Topics">Full path of the repository whose README.md and docs/*.md hold the about topics, or null for none.</param>
/// <param name="Strict">True when anything missing fails the build; else it is a warning.</param>
internal sealed record BuilderArguments(string Manifest, string Pages, string? Topics, bool Strict)
{
    private const string Usage = "--module MANIFEST --pages FOLDER [--topics FOLDER] [--strict]";

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">Something is missing or unknown.</exception>
    public static BuilderArguments Parse(string[] arguments)
    {
        string? manifest = null,
            pages = null,
            topics = null;
        var strict = false;
        for (var index = 0; index < arguments.Length; index++)
        {
            switch (arguments[index])
            {
                case "--module" when index + 1 < arguments.Length:
                    manifest = Path.GetFullPath(arguments[++index]);
                    break;
                case "--pages" when index + 1 < arguments.Length:
                    pages = Path.GetFullPath(arguments[++index]);
                    break;
                case "--topics" when index + 1 < arguments.Length:
                    topics = Path.GetFullPath(arguments[++index]);
                    break;
                case "--strict":
                    strict = true;
                    break;
                default:
                    throw new ArgumentException($"'{arguments[index]}' is not an argument: {Usage}");
            }
        }

        if (manifest is null || pages is null)
            throw new ArgumentException($"--module and --pages are required: {Usage}");
        return new BuilderArguments(manifest, pages, topics, strict);
    }
}
