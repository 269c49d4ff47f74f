namespace SwarmOps.HelpBuilder;

/// <summary>Finds what is wrong with the about topics.</summary>
internal static class TopicChecker
{
    // Get-Help takes one line for the synopsis, which is indented by four.
    private const int LongestSynopsis = 76;

    /// <summary>Checks all topics; one line for each problem.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyList<AboutTopic> topics) =>
        [
            .. topics
                .Where(topic => topic.Synopsis.Length > LongestSynopsis)
                .Select(topic => $"{topic.Path}: the line of {topic.Name} is longer than {LongestSynopsis} characters."),
            .. topics
                .GroupBy(topic => topic.Name)
                .Where(group => group.Count() > 1)
                .Select(group => $"{group.Key} is the topic of {string.Join(" and ", group.Select(topic => topic.Path))}."),
        ];
}
