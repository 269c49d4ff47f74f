namespace SwarmOps.HelpBuilder;

/// <summary>Addresses of the project's files on the web.</summary>
/// <param name="home">The manifest's ProjectUri.</param>
internal sealed class ProjectSite(Uri home)
{
    /// <summary>The address of a file or folder of the repository.</summary>
    public string PageOf(string path) => $"{home.AbsoluteUri.TrimEnd('/')}/blob/main/{path}";

    /// <summary>The page of a cmdlet, which <c>Get-Help -Online</c> opens.</summary>
    public string CmdletPage(string cmdlet) => PageOf($"docs/cmdlets/{cmdlet}.md");
}
