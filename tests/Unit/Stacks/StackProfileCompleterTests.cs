namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>Tab after -Profile offers what the files of the line have.</summary>
public sealed class StackProfileCompleterTests : IDisposable
{
    private readonly CompletionPrompt prompt = new();
    private readonly string folder = Directory.CreateTempSubdirectory("swarmops-profiles-").FullName;

    public void Dispose()
    {
        prompt.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_profiles_of_all_files_are_offered_once_each()
    {
        var first = Write(
            "compose.yaml",
            "services:\n  web: {image: a}\n  cron: {image: a, profiles: [jobs, ops]}\n  debug: {image: a, profiles: [debug]}\n"
        );
        var second = Write("more.yaml", "services:\n  clean: {image: a, profiles: [jobs]}\n");

        Assert.Equal(["debug", "jobs", "ops"], prompt.Words($"Publish-SwarmStack -Path '{first}', '{second}' -Profile "));
        Assert.Equal(["jobs"], prompt.Words($"Compare-SwarmStack -Path '{second}' -Profile j"));
    }

    [Fact]
    public void A_file_that_cannot_be_read_offers_nothing()
    {
        Assert.Empty(prompt.Words("Publish-SwarmStack -Path /nonexistent/compose.yaml -Profile "));
        Assert.Empty(prompt.Words($"Publish-SwarmStack -Path '{Write("bad.yaml", "services: [")}' -Profile "));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
